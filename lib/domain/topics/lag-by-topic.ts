import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import { lagOf } from '../lag/evaluate';
import type { Snapshot, SnapshotGroup } from '../snapshot/snapshot';

interface PartialLag {
  lag: Known<number>;
  /** Why the lag leaves something out: there are at least so many. */
  partial: string | null;
}

export interface TopicLag {
  groups: ({ group: SnapshotGroup } & PartialLag)[];
  /** Largest known lag; unknown when no group's is known. */
  worst: Known<number>;
  /** Why `worst` leaves something out. */
  worstPartial: string | null;
  worstGroup: string | null;
}

/** Who reads each topic and how far behind, from one pass over the groups; RocketMQ's own groups are left out. */
export function lagByTopic(snapshot: Snapshot): Map<string, TopicLag> {
  const byTopic = new Map<string, TopicLag>();
  for (const group of snapshot.groups.values()) {
    if (group.system) continue;
    for (const [topic, { lag, partial }] of lagOfTopics(group, snapshot.asOf)) {
      const entry = byTopic.get(topic) ?? {
        groups: [],
        worst: unknown('not_read'),
        worstPartial: null,
        worstGroup: null,
      };
      byTopic.set(topic, entry);
      entry.groups.push({ group, lag, partial });
      if (isKnown(lag) && (!isKnown(entry.worst) || lag.value > entry.worst.value)) {
        entry.worst = lag;
        entry.worstPartial = partial;
        entry.worstGroup = group.name;
      } else if (!isKnown(lag) && !isKnown(entry.worst)) entry.worst = lag;
    }
  }
  return byTopic;
}

function lagOfTopics(group: SnapshotGroup, asOf: number): Map<string, PartialLag> {
  if (group.mode === 'BROADCASTING')
    return new Map(group.topics.map((topic) => [topic, { lag: unknown('broadcast'), partial: null }]));
  const sums = new Map<string, number>(group.topics.map((topic) => [topic, 0]));
  for (const queue of group.queues) {
    const lag = lagOf({ committed: queue.committedOffset, max: queue.maxOffset });
    sums.set(queue.topic, (sums.get(queue.topic) ?? 0) + lag);
  }
  const isOpen = new Set(group.queuesWithoutOffset.map(({ topic }) => topic));
  return new Map(
    [...sums].map(([topic, sum]) => {
      const reason = isOpen.has(topic) ? 'no_offset' : group.partial === 'no_offset' ? null : group.partial;
      return [topic, { lag: reason && sum === 0 ? unknown(reason) : known(sum, asOf), partial: reason }];
    }),
  );
}
