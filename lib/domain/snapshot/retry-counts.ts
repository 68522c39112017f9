import { type Known, known, unknown } from '@/lib/contract/primitives';
import type { GroupSources } from './build-groups';
import { retryOwner } from './system-names';

export interface RetryCounts {
  isPop: boolean;
  /** In the group's retry topics, not yet taken. */
  due: number;
  waiting: Known<number>;
  nextAt: number | null;
}

/** Retries per group: each retry topic and each waiting message counts for exactly one group. */
export function countRetries(
  { facts, topics, brokers, now }: Pick<GroupSources, 'facts' | 'topics' | 'brokers' | 'now'>,
  groups: ReadonlySet<string>,
): Map<string, RetryCounts> {
  const isComplete = facts.every(({ ladder }) => ladder.isComplete);
  const isSilent = brokers.some(({ state }) => state === 'silent');
  const unreadable: Known<number> | null = !isComplete ? unknown('budget') : isSilent ? unknown('broker_silent') : null;
  const owners = new Map<string, ReturnType<typeof retryOwner>>();
  const ownerOf = (topic: string) => {
    if (!owners.has(topic))
      owners.set(
        topic,
        retryOwner(
          topic,
          (name) => groups.has(name),
          (name) => topics.has(name),
        ),
      );
    return owners.get(topic) ?? null;
  };
  const counts = new Map<string, RetryCounts & { waits: number }>();
  const countOf = (group: string) => {
    const count = counts.get(group) ?? { isPop: false, due: 0, waiting: known(0, now), nextAt: null, waits: 0 };
    counts.set(group, count);
    return count;
  };
  if (unreadable) for (const group of groups) countOf(group);

  for (const { topics: onBroker, offsets, ladder } of facts) {
    for (const [name, topic] of onBroker) {
      const owner = ownerOf(name);
      if (!owner) continue;
      const count = countOf(owner.group);
      if (owner.popTopic !== null) count.isPop = true;
      const committed = offsets.get(owner.group)?.get(name);
      for (const { queueId, minOffset, maxOffset } of topic.queues ?? []) {
        // A group without an offset starts a retry topic at its beginning, whatever it asks for.
        count.due += Math.max(0, maxOffset - (committed?.[queueId] ?? minOffset));
      }
    }
    for (const { waiting } of ladder.levels.values()) {
      for (const { retryTopic, dueAt } of waiting) {
        const owner = retryTopic === null ? null : ownerOf(retryTopic);
        if (!owner) continue;
        const count = countOf(owner.group);
        count.waits += 1;
        if (dueAt !== null && (count.nextAt === null || dueAt < count.nextAt)) count.nextAt = dueAt;
      }
    }
  }
  for (const count of counts.values()) count.waiting = unreadable ?? known(count.waits, now);
  return counts;
}
