import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import type { Ctx } from '../ctx';
import { lagOfQueue } from '../lag/rates';
import { estimateStoredAt, readUnreadStoredAt } from '../lag/store-time';
import { live } from '../snapshot/live-brokers';
import type { Snapshot, SnapshotTopic } from '../snapshot/snapshot';
import type { TopicLag } from './lag-by-topic';

/** The message that waits longest is looked for in this many of the queues with most lag. */
const QUEUES_PER_TOPIC = 2;
/** A list does not wait longer than this for times. */
const PATIENCE_MS = 1000;

/** How long a broker keeps a message, ms: the shortest `fileReservedTime` of those that hold the topic. */
export function retentionOf(topic: SnapshotTopic, snapshot: Snapshot): Known<number> {
  const holders = new Set(topic.config.map(({ broker }) => broker));
  const kept = snapshot.brokers.flatMap(({ name, retentionMs }) =>
    holders.has(name) && retentionMs !== null ? [retentionMs] : [],
  );
  return kept.length > 0 ? known(Math.min(...kept), snapshot.asOf) : unknown('not_read');
}

/**
 * Until when the oldest message that the group behind most has not read is safe: ms until retention may take it, below 0 when
 * it may be gone; null when nothing waits. From the queues with most lag, read or estimated.
 */
export async function unreadSafeFor(
  ctx: Ctx,
  snapshot: Snapshot,
  topic: SnapshotTopic,
  lag: TopicLag | undefined,
): Promise<Known<number> | null> {
  const group = lag?.groups.find(({ group: { name } }) => name === lag.worstGroup)?.group;
  const waiting = (group?.queues ?? [])
    .filter((queue) => queue.topic === topic.name && lagOfQueue(queue) > 0)
    .sort((a, b) => lagOfQueue(b) - lagOfQueue(a))
    .slice(0, QUEUES_PER_TOPIC);
  if (waiting.length === 0) return null;
  const retention = retentionOf(topic, snapshot);
  if (!isKnown(retention)) return retention;
  const within = live(ctx, PATIENCE_MS);
  const isUp = new Set(snapshot.brokers.filter(({ state }) => state === 'ok').map(({ name }) => name));
  const times = await Promise.all(
    waiting.map(async (queue) => {
      const read = isUp.has(queue.broker) ? await readUnreadStoredAt(ctx, snapshot, queue, within) : null;
      return read && isKnown(read) ? read.value : estimateStoredAt(queue.samples, queue.committedOffset);
    }),
  );
  const found = times.filter((time) => time !== null);
  if (found.length === 0) return unknown('not_read');
  return known(Math.min(...found) + retention.value - ctx.now(), ctx.now());
}
