import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { QUERY_CONSUME_QUEUE } from '@/lib/rocketmq/requests/query-consume-queue';
import { targetOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { readBounds } from '../messages/read-queue';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { type Deletion, lastDeletions } from './deletions';

/** By then the commit log has long let go of what was purged. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** Starts of brokers after which everything has been looked at. */
const seen = new WeakMap<Ctx['client'], Map<string, number>>();

/**
 * A broker that crashed rebuilds its queues from the commit log, those of deleted topics too (broker-facts §2.3). After
 * each start of a broker this looks once for what was purged there, and writes what it found into the journal of the
 * purge. Asks nothing while no broker has started anew. Resolves to how many letters it found.
 */
export async function lookAfterRestarts(ctx: Ctx): Promise<number> {
  const known = seen.get(ctx.client) ?? new Map<string, number>();
  seen.set(ctx.client, known);
  const started = (ctx.snapshot()?.brokers ?? []).flatMap(({ name, state, bootAt }) =>
    state === 'ok' && bootAt !== null && known.get(name) !== bootAt ? [{ name, bootAt }] : [],
  );
  if (started.length === 0) return 0;
  const deletions = await lastDeletions(ctx.store, ctx.cluster);
  const nextStep = new Map(deletions.map(({ jobId, lastStep }) => [jobId, lastStep + 1]));
  let found = 0;
  for (const { name, bootAt } of started) {
    let isWhole = true;
    for (const deletion of deletions.filter(({ broker }) => broker === name)) {
      const { jobId, purgedAt, looks } = deletion;
      if (ctx.now() - purgedAt > KEPT_MS || deletion.bootAt === bootAt) continue;
      if (looks.some((before) => before.bootAt === bootAt)) continue;
      const n = nextStep.get(jobId) ?? 0;
      const returned = deletion.isOver ? await look(ctx, deletion, bootAt, n) : null;
      if (returned === null) {
        isWhole = false;
        continue;
      }
      nextStep.set(jobId, n + 1);
      found += returned;
    }
    if (isWhole) known.set(name, bootAt);
  }
  return found;
}

/** Null when the broker would not tell. */
async function look(ctx: Ctx, deletion: Deletion, bootAt: number, n: number): Promise<number | null> {
  const { jobId, broker, group } = deletion;
  const startedAt = ctx.now();
  let returned: number;
  try {
    returned = await countReturned(ctx, deletion);
  } catch (error) {
    if (error instanceof RemotingError || error instanceof RocketMQError) return null;
    throw error;
  }
  await ctx.store.operations.putStep({
    operationId: jobId,
    n,
    broker,
    action: 'look_again',
    state: returned > 0 ? 'FAILED' : 'DONE',
    detailJson: JSON.stringify({ bootAt, returned }),
    startedAt,
    endedAt: ctx.now(),
  });
  if (returned > 0) ctx.log.warn({ operation: jobId, broker, group, returned }, 'purged letters are back');
  return returned;
}

async function countReturned(ctx: Ctx, { group, broker, queues, lastPhysicalOffset }: Deletion): Promise<number> {
  if (lastPhysicalOffset === null) return 0;
  let count = 0;
  for (const { queueId } of queues) {
    const queue = { broker, topic: DLQ_PREFIX + group, queueId };
    const { minOffset, maxOffset } = await readBounds(ctx, queue);
    count += (await firstAbove(ctx, queue, minOffset, maxOffset, lastPhysicalOffset)) - minOffset;
  }
  return count;
}

/** First offset in [from, to] whose record lies behind the position; positions rise along a queue. */
async function firstAbove(
  ctx: Ctx,
  { broker, topic, queueId }: { broker: string; topic: string; queueId: number },
  from: number,
  to: number,
  physicalOffset: number,
): Promise<number> {
  let [low, high] = [from, to];
  // A queue that began anew after the purge is told by its first record.
  for (let at = low; low < high; at = Math.floor((low + high) / 2)) {
    const input = { topic, queueId, index: at, count: 1 };
    const { entries } = await ctx.client.call(QUERY_CONSUME_QUEUE, input, targetOf(ctx, broker));
    const entry = entries[0];
    if (entry && entry.physicalOffset <= physicalOffset) low = at + 1;
    else high = at;
  }
  return low;
}
