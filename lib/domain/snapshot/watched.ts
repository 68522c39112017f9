import type { Watched } from './read-broker';
import type { Snapshot } from './snapshot';
import { DLQ_PREFIX, RETRY_PREFIX } from './system-names';

/** A page asks again every few seconds while somebody looks at it. */
const KEPT_MS = 30_000;

/** Told by whoever shows a group: the next sweeps read everything about it. */
export function watchGroups({ watched }: Pick<Snapshot, 'watched'>, groups: Iterable<string>, now: number): void {
  for (const group of groups) watched?.set(`g ${group}`, now);
}

/** As {@link watchGroups}, for topics. */
export function watchTopics({ watched }: Pick<Snapshot, 'watched'>, topics: Iterable<string>, now: number): void {
  for (const topic of topics) watched?.set(`t ${topic}`, now);
}

export function carryWatched(before: Snapshot['watched'], now: number): Map<string, number> {
  const watched = before ?? new Map<string, number>();
  for (const [name, at] of watched) if (now - at > KEPT_MS) watched.delete(name);
  return watched;
}

/** Groups, and topics with those the groups read. */
export function watchedOf(snapshot: Snapshot | null, now: number): Watched {
  const groups = new Set<string>();
  const topics = new Set<string>();
  for (const [key, at] of snapshot?.watched ?? []) {
    if (now - at > KEPT_MS) continue;
    const name = key.slice(2);
    if (key.startsWith('t')) topics.add(name);
    else {
      groups.add(name);
      for (const topic of snapshot?.groups.get(name)?.topics ?? []) topics.add(topic);
      topics.add(RETRY_PREFIX + name).add(DLQ_PREFIX + name);
    }
  }
  return { groups, topics };
}
