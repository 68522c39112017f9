import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { INVOKE_BROKER_TO_RESET_OFFSET } from '@/lib/rocketmq/requests/invoke-broker-to-reset-offset';
import { UPDATE_CONSUMER_OFFSET } from '@/lib/rocketmq/requests/update-consumer-offset';
import type { WriteCapability } from '@/lib/rocketmq/write-capability';
import type { ResetQueue } from '@/lib/store/reset-queues';
import { accessRefused } from '../access-refused';
import type { Ctx } from '../ctx';
import { jobOf } from '../jobs/control';
import { staleness } from './arithmetic';
import { groupClients } from './group-clients';
import { type QueueResult, queueResult } from './queue-result';
import { readCommitted, readPosition } from './read-queue';
import type { ResetInput, ResetInputQueue } from './reset-input';
import { takesExplicitOffsets } from './server-side';

/** How long a broker may take for one write. */
const WRITE_MS = 8000;
/** A frame whose answer was lost may still wait in the broker; after this its effect would show (safety §5.5). */
const SETTLE_MS = 10_000;
const SETTLE_STEP_MS = 1000;

type Patch = Partial<
  Pick<ResetQueue, 'state' | 'intentAt' | 'appliedAt' | 'resultCode' | 'request' | 'verifiedOffset' | 'verifiedAt'>
> &
  Partial<Pick<ResetQueue, 'committedBefore' | 'minBefore' | 'maxBefore'>> & { result?: QueueResult };

/** Durable when it resolves. */
export async function journal(ctx: Ctx, row: ResetQueue, patch: Patch): Promise<void> {
  const { result, ...columns } = patch;
  const merged = result && { result: JSON.stringify({ ...queueResult(row), ...result }) };
  Object.assign(row, columns, merged);
  await ctx.store.resetQueues.update(row, { ...columns, ...merged }).execute();
}

/**
 * Writes one queue's offset, at most once. Looks at broker and queue again, journals what it found (what an undo starts
 * from) with the intent, and only then sends the frame. A lost answer is resolved by reading, never by sending again.
 */
export async function applyQueue(
  ctx: Ctx,
  input: ResetInput,
  planned: ResetInputQueue,
  row: ResetQueue,
  capability: WriteCapability,
): Promise<void> {
  let refusal: QueueResult | null;
  try {
    refusal = await lookAgain(ctx, input, planned, row);
  } catch (error) {
    refusal = { key: 'not_readable', ...said(error, planned.broker) };
  }
  if (refusal) return journal(ctx, row, { state: refusal.key === 'unchanged' ? 'SKIPPED' : 'FAILED', result: refusal });

  const request = planned.path === 'server' ? INVOKE_BROKER_TO_RESET_OFFSET : UPDATE_CONSUMER_OFFSET;
  await journal(ctx, row, { state: 'INTENT', intentAt: ctx.now(), request: request.name });
  ctx.crashPoint?.('between_intent_and_frame');
  try {
    await send(ctx, input, planned, capability);
    ctx.crashPoint?.('after_answer');
    await journal(ctx, row, { state: 'WRITTEN', appliedAt: ctx.now(), resultCode: 0 });
    await confirmWritten(ctx, input, row);
  } catch (error) {
    await recordFailure(ctx, input, row, error);
  }
}

/** Null when the frame may go out; `row` then holds the offsets as they stand now. */
async function lookAgain(
  ctx: Ctx,
  input: ResetInput,
  planned: ResetInputQueue,
  row: ResetQueue,
): Promise<QueueResult | null> {
  const isServerSide = await takesExplicitOffsets(ctx, planned.broker);
  if (isServerSide !== (planned.path === 'server')) return { key: 'path_changed' };
  if (planned.path === 'offset' && (await groupClients(ctx, input.group)).members !== 0) return { key: 'came_online' };
  const present = await readPosition(ctx, input, planned);
  const stale = staleness(planned, present, input.driftTolerance);
  if (stale) return { key: stale };
  await journal(ctx, row, {
    committedBefore: present.committedOffset,
    minBefore: present.minOffset,
    maxBefore: present.maxOffset,
  });
  return present.committedOffset === planned.targetOffset ? { key: 'unchanged' } : null;
}

class NotTaken extends Error {
  constructor(readonly key: string) {
    super(key);
  }
}

async function send(ctx: Ctx, { group, topic }: ResetInput, planned: ResetInputQueue, capability: WriteCapability) {
  const { broker, queueId, targetOffset, path } = planned;
  const target = { broker, capability, deadlineAt: ctx.now() + WRITE_MS, signal: ctx.signal };
  if (path === 'server') {
    await ctx.client.call(INVOKE_BROKER_TO_RESET_OFFSET, { topic, group, queueId, offset: targetOffset }, target);
    return;
  }
  const input = { consumerGroup: group, topic, queueId, commitOffset: targetOffset };
  const { ignored } = await ctx.client.call(UPDATE_CONSUMER_OFFSET, input, target);
  if (ignored) throw new NotTaken('reset_pending');
}

/** A fast consumer may have moved on before the first look of the verification. */
async function confirmWritten(ctx: Ctx, input: ResetInput, row: ResetQueue): Promise<void> {
  const offset = await readCommitted(ctx, input, row).catch(() => null);
  if (offset === row.targetOffset) await journal(ctx, row, { result: { seenAtTargetAt: ctx.now() } });
}

async function recordFailure(ctx: Ctx, input: ResetInput, row: ResetQueue, error: unknown): Promise<void> {
  const { remark } = said(error, row.broker);
  if (error instanceof NotTaken)
    return journal(ctx, row, { state: 'FAILED', resultCode: 0, result: { key: error.key } });
  if (error instanceof RocketMQError)
    return journal(ctx, row, {
      state: 'FAILED',
      resultCode: error.code,
      result: { key: 'broker_refused', ...said(error, row.broker) },
    });
  if (!(error instanceof RemotingError)) throw error;
  if (!error.sent) return journal(ctx, row, { state: 'FAILED', result: { key: 'not_sent', remark } });
  await journal(ctx, row, { state: 'UNKNOWN', result: { key: 'answer_lost', remark } });
  await resolveUnknown(ctx, input, row);
}

/** Reads until the offset stands at its target. Not finding it there proves nothing: then the outcome stays unknown. */
export async function resolveUnknown(ctx: Ctx, input: ResetInput, row: ResetQueue): Promise<void> {
  const { control } = jobOf(ctx);
  const until = ctx.now() + SETTLE_MS;
  do {
    const offset = await readCommitted(ctx, input, row).catch(() => null);
    if (offset === row.targetOffset) {
      const at = ctx.now();
      return journal(ctx, row, {
        state: 'WRITTEN',
        appliedAt: at,
        result: { key: 'found_by_reading', seenAtTargetAt: at },
      });
    }
    await control.wait(SETTLE_STEP_MS);
  } while (ctx.now() < until && control.checkpoint() === 'go');
}

function said(error: unknown, broker: string): Pick<QueueResult, 'remark' | 'refusal'> & { remark: string } {
  const remark = error instanceof Error ? error.message.slice(0, 300) : String(error);
  const refusal = accessRefused(error, broker)?.params;
  return { remark, ...(refusal && { refusal }) };
}
