import type { z } from 'zod';
import type { TopicHistogram, topicHistogramQuery } from '@/lib/contract/topics';
import { GET_TOPIC_STATS_INFO, type QueueTopicStats } from '@/lib/rocketmq/requests/get-topic-stats-info';
import { SEARCH_OFFSET_BY_TIMESTAMP } from '@/lib/rocketmq/requests/search-offset-by-timestamp';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { clamp } from '../offsets/arithmetic';
import { readStoredAt } from '../offsets/read-queue';
import { askLive, live } from '../snapshot/live-brokers';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { Snapshot, SnapshotTopic } from '../snapshot/snapshot';
import { findTopic } from './find';

/** Most searches for one histogram; about a second on a busy broker, 16 in flight each. */
const MAX_SEARCHES = 2000;
const HOUR_MS = 3_600_000;

type Input = Omit<z.output<typeof topicHistogramQuery>, 'cluster'>;
type Stats = ReadonlyMap<string, readonly QueueTopicStats[]>;

/**
 * Messages by store time: per bucket the sum over the queues of (offset at its end − offset at its start), by
 * `SEARCH_OFFSET_BY_TIMESTAMP` (29, lower) and clamped to what the queue holds. Approximate: messages of a batch share
 * one store time and count where it begins, up to 5.1.0 the search finds the nearest message, and offsets of control
 * messages count too. A topic of many queues gets fewer buckets. A master that does not answer is among the failures,
 * its queues are missing in every bucket, and a bucket in which nothing else is seen is unknown.
 *
 * `DomainError`: NOT_FOUND, UNAVAILABLE, INVALID `histogram_range`, `histogram_too_many_queues`.
 */
export async function countByStoreTime(ctx: Ctx, input: Input): Promise<TopicHistogram> {
  const snapshot = requireSnapshot(ctx);
  const topic = await findTopic(ctx, snapshot, input.topic);
  const holders = new Set(topic.config.map(({ broker }) => broker));
  const read = await askLive(
    ctx,
    snapshot,
    ({ name }) => ctx.client.call(GET_TOPIC_STATS_INFO, { topic: topic.name }, { broker: name, ...live(ctx) }),
    ({ name }) => holders.has(name),
  );
  const stats: Stats = new Map([...read.answers].map(([broker, answer]) => [broker, answer?.queues ?? []]));
  const queues = [...stats.values()].reduce((sum, each) => sum + each.length, 0);
  if (queues > MAX_SEARCHES / 2) throw new DomainError('INVALID', 'histogram_too_many_queues', { queues });

  const now = ctx.now();
  const wantedTo = input.to ?? now;
  const oldestStoredAt = input.from === undefined ? await readOldest(ctx, snapshot, topic.name, stats) : null;
  const from = input.from ?? (oldestStoredAt === null ? now - HOUR_MS : Math.floor(oldestStoredAt / 1000) * 1000);
  if (from >= Math.min(now, wantedTo)) throw new DomainError('INVALID', 'histogram_range', {});
  const edges = edgesOf(
    from,
    wantedTo,
    Math.min(input.buckets, Math.floor(MAX_SEARCHES / Math.max(1, queues)) - 1),
    now,
  );
  const counted = await askLive(
    ctx,
    snapshot,
    ({ name }) => countBroker(ctx, topic.name, name, stats.get(name) ?? [], edges),
    ({ name }) => stats.has(name),
  );

  const seen = [...counted.answers.values()];
  const isMissing = isPartial(snapshot, topic, counted.answers);
  const figure = (count: number) => (count === 0 && isMissing ? null : count);
  const counts = edges.slice(0, -1).map((_, index) => seen.reduce((sum, each) => sum + (each[index] ?? 0), 0));
  return {
    topic: topic.name,
    from,
    to: edges.at(-1) ?? now,
    queues,
    oldestStoredAt,
    buckets: counts.map((count, index) => ({ from: edges[index] ?? from, count: figure(count) })),
    total: figure(counts.reduce((sum, count) => sum + count, 0)),
    asOf: ctx.now(),
    failures: [...new Map([...read.failures, ...counted.failures].map((each) => [each.broker, each])).values()],
    ...(isMissing ? { unknown: { total: 'broker_silent' } } : {}),
  };
}

/**
 * Starts of the buckets of [from, wanted end) that have begun, then now or the wanted end. Whole seconds where buckets are
 * long enough, so that a bucket's start is a time one can read.
 */
function edgesOf(from: number, wantedTo: number, buckets: number, now: number): number[] {
  const count = clamp(buckets, 1, Math.max(1, wantedTo - from));
  const unit = (wantedTo - from) / count >= 10_000 ? 1000 : 1;
  const starts = Array.from({ length: count }, (_, index) =>
    index === 0 ? from : Math.round((from + ((wantedTo - from) * index) / count) / unit) * unit,
  );
  return [...starts.filter((at) => at < now), Math.min(wantedTo, now)];
}

function isPartial(snapshot: Snapshot, topic: SnapshotTopic, answers: ReadonlyMap<string, unknown>): boolean {
  return (
    topic.config.some(({ broker }) => !answers.has(broker)) || snapshot.brokers.some(({ state }) => state === 'silent')
  );
}

async function countBroker(
  ctx: Ctx,
  topic: string,
  broker: string,
  queues: readonly QueueTopicStats[],
  edges: readonly number[],
): Promise<number[]> {
  const perQueue = await Promise.all(
    queues.map(async (queue) => {
      const offsets = await Promise.all(edges.map((at) => offsetAt(ctx, topic, broker, queue, at)));
      return offsets.slice(1).map((offset, index) => Math.max(0, offset - (offsets[index] ?? offset)));
    }),
  );
  return edges.slice(1).map((_, index) => perQueue.reduce((sum, counts) => sum + (counts[index] ?? 0), 0));
}

async function offsetAt(ctx: Ctx, topic: string, broker: string, queue: QueueTopicStats, at: number): Promise<number> {
  const { queueId, minOffset, maxOffset, lastUpdatedAt } = queue;
  if (minOffset >= maxOffset) return maxOffset;
  // Up to 5.1.0 a search behind the last message finds that message instead of the end.
  if (lastUpdatedAt !== null && at > lastUpdatedAt) return maxOffset;
  const offset = await ctx.client.call(SEARCH_OFFSET_BY_TIMESTAMP, { topic, queueId, at }, { broker, ...live(ctx) });
  return clamp(offset, minOffset, maxOffset);
}

/** Store time of the oldest message kept, epoch ms; null when no queue shows one. A silent broker is told by the count. */
async function readOldest(ctx: Ctx, snapshot: Snapshot, topic: string, stats: Stats): Promise<number | null> {
  const { answers } = await askLive(
    ctx,
    snapshot,
    ({ name }) =>
      Promise.all(
        (stats.get(name) ?? [])
          .filter(({ minOffset, maxOffset }) => minOffset < maxOffset)
          .map(({ queueId, minOffset }) => readStoredAt(ctx, topic, { broker: name, queueId }, minOffset)),
      ),
    ({ name }) => stats.has(name),
  );
  const known = [...answers.values()].flat().filter((at) => at !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
