import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import type { Ctx } from '../ctx';
import { lagOfQueue } from '../lag/rates';
import { estimateStoredAt, readUnreadStoredAt, type UnreadPlace } from '../lag/store-time';
import { rowsOfPart, samplesOfRow } from '../snapshot/group-rows';
import { live } from '../snapshot/live-brokers';
import type { Sample, Snapshot, SnapshotTopic } from '../snapshot/snapshot';
import type { TopicLag } from './lag-by-topic';

/** The message that waits longest is looked for in this many of the queues of which most is unread. */
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
 * Until when the oldest message that some group has not read is safe: ms until retention may take it, below 0 when it may be
 * gone; null when nothing waits. From the queues of which most is unread, read or estimated.
 */
export async function unreadSafeFor(
  ctx: Ctx,
  snapshot: Snapshot,
  topic: SnapshotTopic,
  lag: TopicLag | undefined,
): Promise<Known<number> | null> {
  const waiting = unreadPlaces(topic.name, lag)
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
      return read && isKnown(read) ? read.value : estimateStoredAt(queue.samples(), queue.committedOffset);
    }),
  );
  const found = times.filter((time) => time !== null);
  if (found.length === 0) return unknown('not_read');
  return known(Math.min(...found) + retention.value - ctx.now(), ctx.now());
}

type Unread = UnreadPlace & { maxOffset: number; samples(): Sample[] };

/** Of each queue with something unread the place of the group that is behind most there. */
function unreadPlaces(topic: string, lag: TopicLag | undefined): Unread[] {
  const queues = new Map<string, Unread>();
  // Of a broadcast group the brokers do not know what it has read.
  const readers = lag?.groups.filter(({ group }) => group.mode !== 'BROADCASTING') ?? [];
  for (const { rows } of readers.map(({ group }) => group)) {
    for (const part of rows?.parts ?? []) {
      if (!rows || part.topic !== topic) continue;
      for (const row of rowsOfPart(part)) {
        const { broker } = part;
        const queueId = part.queueIds[row - part.from] ?? 0;
        const [committedOffset = 0, maxOffset = 0, minOffset = 0] = [rows.committed[row], rows.max[row], rows.min[row]];
        const key = `${broker} ${queueId}`;
        if (committedOffset >= maxOffset || committedOffset >= (queues.get(key)?.committedOffset ?? maxOffset))
          continue;
        const samples = () => samplesOfRow(rows, part, row);
        queues.set(key, { topic, broker, queueId, committedOffset, maxOffset, minOffset, samples });
      }
    }
  }
  return [...queues.values()];
}
