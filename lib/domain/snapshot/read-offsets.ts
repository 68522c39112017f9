import type { OffsetTable } from '@/lib/rocketmq/codec/offset-table';
import type { BrokerFacts, QueueOffsets } from './broker-facts';

/** Stored offsets by group and topic, and the topics and groups of which one has changed since `previous`. */
export function readOffsets(table: OffsetTable, previous: BrokerFacts | undefined) {
  const moved = { topics: new Set<string>(), groups: new Set<string>() };
  if (previous && previous.marks.offsetTable === table)
    return { offsets: previous.offsets, broadcastGroups: previous.broadcastGroups, moved };
  const offsets = new Map<string, ReadonlyMap<string, QueueOffsets>>();
  const broadcastGroups = new Set<string>();
  const fresh = new Map<string, Map<string, QueueOffsets>>();
  for (const { group, topic, isBroadcast, offsets: queues } of table.entries) {
    if (isBroadcast) {
      broadcastGroups.add(group);
      continue;
    }
    const topics = fresh.get(group) ?? new Map<string, QueueOffsets>();
    fresh.set(group, topics);
    topics.set(topic, queues);
    if (!previous || previous.offsets.get(group)?.get(topic) === queues) continue;
    moved.topics.add(topic);
    moved.groups.add(group);
  }
  for (const [group, topics] of fresh) {
    const before = previous?.offsets.get(group);
    const isSame = before?.size === topics.size && !moved.groups.has(group);
    offsets.set(group, isSame ? before : topics);
  }
  return { offsets, broadcastGroups, moved };
}
