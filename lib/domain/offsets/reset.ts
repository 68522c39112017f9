import type { WriteCapability } from '@/lib/rocketmq/write-capability';
import type { ResetQueue } from '@/lib/store/reset-queues';
import { accessRefused } from '../access-refused';
import { failureOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { jobOf } from '../jobs/control';
import { mutation, type Outcome, type RunningOperation } from '../mutation';
import { applyQueue, journal, resolveUnknown } from './apply-queue';
import { queueResult } from './queue-result';
import { queueKey } from './read-queue';
import { recheckReset } from './recheck';
import type { ResetInput } from './reset-input';
import { verify } from './verify';

/** Moves a group's offsets to what a confirmed plan says, by explicit offsets, queue by queue (safety §5.7). */
export const RESET = mutation<ResetInput>({
  name: 'offsets.reset',
  kind: 'reset',
  permission: 'group:reset',
  resource: ({ group, topic }) => ({ type: 'group', name: group, group, topic }),
  describe: ({ topic, to }) => ({ targetMode: to.kind, targetTopic: topic }),
  async freeze(tables, operation, { topic, queues }) {
    await tables.resetQueues.insertMany(
      queues.map(({ broker, queueId, committedOffset, minOffset, maxOffset, targetOffset, targetStoredAt }) => ({
        operationId: operation.id,
        topic,
        broker,
        queueId,
        committedBefore: committedOffset,
        minBefore: minOffset,
        maxBefore: maxOffset,
        targetOffset,
        targetStoredAt,
        state: 'PENDING',
      })),
    );
  },
  async run(ctx, operation, capability) {
    const isCancelled = jobOf(ctx).control.checkpoint() === 'cancel';
    const changed = isCancelled ? null : await changeSincePlan(ctx, operation.input);
    if (changed) {
      for (const row of await ctx.store.resetQueues.list(operation.id))
        await journal(ctx, row, { state: 'SKIPPED', result: { key: 'not_started' } });
      return { state: 'FAILED', counts: await countsOf(ctx, operation.id), error: changed };
    }
    return carryOut(ctx, operation, capability);
  },
  resume: carryOut,
});

/** The plan may have waited in the queue behind other jobs: nothing is sent unless all of it still holds. */
async function changeSincePlan(ctx: Ctx, input: ResetInput): Promise<Outcome['error'] | null> {
  try {
    await recheckReset(ctx, input);
    return null;
  } catch (error) {
    if (error instanceof DomainError) return { key: error.key, params: error.params };
    const refused = accessRefused(error);
    if (refused) return refused;
    const { broker, message } = failureOf('', error);
    return { key: 'not_started', params: { broker, problem: message.slice(0, 200) } };
  }
}

/** Goes on from whatever state the journal is in: what may have been sent is looked up, never sent again. */
async function carryOut(
  ctx: Ctx,
  operation: RunningOperation<ResetInput>,
  capability: WriteCapability,
): Promise<Outcome> {
  const { control } = jobOf(ctx);
  const { input } = operation;
  const rows = await ctx.store.resetQueues.list(operation.id);
  const brokers = [...new Set(rows.map(({ broker }) => broker))];
  await Promise.all(
    brokers.map(async (broker) => {
      for (const row of rows.filter((each) => each.broker === broker)) {
        if (row.state === 'INTENT') {
          await journal(ctx, row, { state: 'UNKNOWN', result: { key: 'interrupted' } });
          await resolveUnknown(ctx, input, row);
        }
        if (row.state !== 'PENDING' || control.checkpoint() !== 'go') continue;
        if (refusalIn(rows, broker)) {
          await journal(ctx, row, { state: 'FAILED', result: { key: 'turned_away' } });
          continue;
        }
        const planned = input.queues.find((queue) => queueKey(queue) === queueKey(row));
        if (planned) await applyQueue(ctx, input, planned, row, capability);
      }
    }),
  );
  if (control.checkpoint() === 'pause') return control.paused(await countsOf(ctx, operation.id));
  const isCancelled = rows.some(({ state }) => state === 'PENDING');
  for (const row of rows.filter(({ state }) => state === 'PENDING'))
    await journal(ctx, row, { state: 'SKIPPED', result: { key: 'cancelled' } });

  await operation.setState('VERIFYING');
  await verify(ctx, input, rows);
  const counts = await countsOf(ctx, operation.id);
  if (control.checkpoint() === 'pause') return control.paused(counts);
  return isCancelled ? control.cancelled(counts) : { ...verdict(rows), counts };
}

const GOOD: readonly ResetQueue['state'][] = ['APPLIED', 'APPLIED_THEN_MOVED', 'SKIPPED'];

function verdict(rows: readonly ResetQueue[]): Outcome {
  const bad = rows.filter(({ state }) => !GOOD.includes(state));
  if (bad.length === 0) return { state: 'DONE' };
  const params = { count: bad.length, total: rows.length };
  const isNothingDone = bad.length === rows.length && bad.every(({ state }) => state === 'FAILED');
  const refusal = refusalIn(rows);
  if (refusal)
    return { state: isNothingDone ? 'FAILED' : 'PARTIAL', error: { key: 'access_refused', params: refusal } };
  if (isNothingDone) return { state: 'FAILED', error: { key: 'reset_failed', params } };
  return { state: 'PARTIAL', error: { key: 'reset_partial', params } };
}

/** What a broker turned us away for, it would say again of every other queue. */
function refusalIn(rows: readonly ResetQueue[], broker?: string): Record<string, string> | undefined {
  const seen = broker === undefined ? rows : rows.filter((row) => row.broker === broker);
  return seen.map((row) => queueResult(row).refusal).find((refusal) => refusal !== undefined);
}

const countsOf = (ctx: Ctx, id: string) => ctx.store.resetQueues.countsByState(id) as Promise<Record<string, number>>;
