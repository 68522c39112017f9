import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { GET_MAX_OFFSET } from '@/lib/rocketmq/requests/get-max-offset';
import type { WriteCapability } from '@/lib/rocketmq/write-capability';
import { StoreError } from '@/lib/store/errors';
import { accessRefused } from '../access-refused';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { jobOf } from '../jobs/control';
import type { Outcome, RunningOperation } from '../mutation';
import { countJudged } from './brake';
import { closeCancelled } from './close-cancelled';
import { finalScan } from './final-scan';
import type { RedriveInput } from './input';
import { jobLetters } from './job-letters';
import { judgeItems } from './judge';
import { outcomesOf } from './ledger-counts';
import { policyOf } from './policy';
import { Results } from './results';
import { callWithin, laneKey, type Note, REDRIVE_TIMES, type RedriveRun, savePolicy } from './run-context';
import { sendAll } from './send-all';

/** Copies that the end of a job looks at in one go, with three index queries each. */
const WATCHED_AT_ONCE = 1000;

/**
 * Sends what is still to be sent and accounts for all of it (safety §5.5). It is the same after a pause, a restart or at
 * the start: the journal says what may have left this machine.
 */
export async function runRedrive(
  ctx: Ctx,
  operation: RunningOperation<RedriveInput>,
  capability: WriteCapability,
  times = REDRIVE_TIMES,
): Promise<Outcome> {
  const { control } = jobOf(ctx);
  const policy = policyOf(operation);
  const run: RedriveRun = {
    ctx,
    operation,
    capability,
    control,
    times,
    policy,
    sockets: new Map(),
    floors: new Map(),
    ends: new Map(),
    letters: jobLetters(ctx.store, operation.id, operation.input),
    results: new Results(ctx.store, operation.id, ctx.now),
  };
  try {
    await ctx.store.items.moveAll(operation.id, 'INTENT', 'UNKNOWN');
    await knownLanes(run);
    if (control.checkpoint() === 'cancel') return await closeCancelled(run, { skipRest, verify });
    const problem = (await openLanes(run)) ?? (await sendAll(run));
    const counts = () => outcomesOf(ctx.store, operation.id);
    if (problem === 'paused') return control.paused(await counts());
    if (problem !== null && problem !== 'cancelled') return { state: 'PAUSED', counts: await counts(), error: problem };

    if (problem === 'cancelled') await skipRest(run);
    await operation.setState('VERIFYING');
    ctx.crashPoint?.('between_last_result_and_final_scan');
    const unverified = await verify(run);
    if (unverified === 'paused') return control.paused(await counts());
    if (unverified) return { state: 'PAUSED', counts: await counts(), error: unverified };
    ctx.crashPoint?.('between_final_scan_and_report');
    if (problem === 'cancelled') return control.cancelled(await counts());
    if (operation.input.isJudged !== false) await watch(run);
    return report(await counts());
  } catch (error) {
    if (!(error instanceof StoreError) && !(error instanceof DomainError)) await closeRows(run);
    throw error;
  } finally {
    for (const socket of run.sockets.values()) socket.close();
  }
}

/** A job that breaks ends as FAILED and nobody takes it up again: its items must not look as if it still ran. */
async function closeRows({ ctx, operation }: RedriveRun): Promise<void> {
  await ctx.store.items.moveAll(operation.id, 'SELECTED', 'SKIPPED_BY_CANCEL', 'job_failed');
  await ctx.store.selections.close(operation.id);
  await ctx.store.items.moveAll(operation.id, 'INTENT', 'NEEDS_DECISION', 'job_failed');
  await ctx.store.items.moveAll(operation.id, 'UNKNOWN', 'NEEDS_DECISION', 'job_failed');
}

async function knownLanes(run: RedriveRun): Promise<void> {
  const { ctx, operation } = run;
  for (const lane of await ctx.store.attempts.lanes(operation.id)) {
    run.floors.set(
      laneKey({ topic: lane.tgtTopic, broker: lane.tgtBroker, queueId: lane.tgtQueueId }),
      lane.floorOffset,
    );
  }
}

/** Floors are read before the first send, and kept for ever: what lies above may be ours. */
async function openLanes(run: RedriveRun): Promise<Note | null> {
  const { ctx, operation } = run;
  for (const to of run.letters.lanes) {
    const key = laneKey(to);
    if (run.floors.has(key)) continue;
    try {
      const { topic, broker, queueId } = to;
      const floorOffset = await ctx.client.call(GET_MAX_OFFSET, { topic, queueId }, { broker, ...callWithin(ctx) });
      await ctx.store.attempts.insertLane({
        operationId: operation.id,
        tgtTopic: topic,
        tgtBroker: broker,
        tgtQueueId: queueId,
        floorOffset,
      });
      run.floors.set(key, floorOffset);
    } catch (error) {
      return noteOf(error, to.broker);
    }
  }
  return null;
}

async function skipRest({ ctx, operation }: RedriveRun): Promise<void> {
  await ctx.store.items.moveAll(operation.id, 'SELECTED', 'SKIPPED_BY_CANCEL');
  await ctx.store.items.skipWaiting(operation.id);
  await ctx.store.selections.close(operation.id);
}

async function verify(run: RedriveRun): Promise<Note | 'paused' | null> {
  const until = run.ctx.now() + run.times.patienceMs;
  for (;;) {
    try {
      return (await finalScan(run)) === 'paused' ? 'paused' : null;
    } catch (error) {
      const note = noteOf(error, '');
      if (run.ctx.now() > until) return { ...note, key: 'verification_unreachable' };
      await run.times.sleep(1000);
    }
  }
}

/** Watches for a while what the consumers make of the copies; the ledger goes on judging when it is read. */
async function watch(run: RedriveRun): Promise<void> {
  const { ctx, operation, control, times } = run;
  const until = ctx.now() + times.judgeMs;
  let after = -1;
  for (let pause = 500; ; pause = Math.min(pause * 2, 16_000)) {
    const items = await ctx.store.items.open(operation.id, after, WATCHED_AT_ONCE);
    after = items.length < WATCHED_AT_ONCE ? -1 : (items.at(-1)?.n ?? -1);
    await judgeItems(ctx, operation, items);
    await countJudged(run);
    await savePolicy(run);
    await operation.heartbeat(await outcomesOf(ctx.store, operation.id));
    const isOpen = (await ctx.store.items.open(operation.id, -1, 1)).length > 0;
    if (!isOpen || ctx.now() + pause > until || control.checkpoint() !== 'go') return;
    await control.wait(pause);
  }
}

const STORED = ['CONFIRMED', 'STORED_UNCERTAIN', 'DUPLICATED', 'CONSUMED', 'FAILED_AGAIN', 'DEAD_AGAIN'];

function report(counts: Record<string, number>): Outcome {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const stored = STORED.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  const rest = total - stored - (counts.ALREADY_REDRIVEN ?? 0);
  if (rest === 0) return { state: 'DONE', counts };
  const error = { key: 'not_all_sent', params: { count: rest, total } };
  const isOpen = (counts.NEEDS_DECISION ?? 0) > 0;
  return { state: stored === 0 && !isOpen ? 'FAILED' : 'PARTIAL', counts, error };
}

function noteOf(error: unknown, broker: string): Note {
  if (error instanceof RemotingError) return { key: 'broker_unreachable', params: { broker: broker || error.address } };
  const refused = accessRefused(error, broker);
  if (refused) return refused;
  if (error instanceof RocketMQError) {
    return {
      key: 'broker_refused',
      params: { broker: broker || error.address, code: error.code, remark: error.remark.slice(0, 200) },
    };
  }
  throw error;
}
