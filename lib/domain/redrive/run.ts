import type { WriteCapability } from '@/lib/rocketmq/write-capability';
import { StoreError } from '@/lib/store/errors';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { jobOf } from '../jobs/control';
import type { Outcome, RunningOperation } from '../mutation';
import { countJudged } from './brake';
import { closeCancelled } from './close-cancelled';
import { BrokerError, finalScan } from './final-scan';
import type { RedriveInput } from './input';
import { jobLetters } from './job-letters';
import { judgeItems } from './judge';
import { outcomesOf } from './ledger-counts';
import type { Note } from './note';
import { policyOf } from './policy';
import { Results } from './results';
import { laneKey, REDRIVE_TIMES, type RedriveRun, savePolicy } from './run-context';
import { sendAll } from './send-all';
import { tellsWaits } from './tell-waits';
import { Waits } from './waits';

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
    waits: new Waits(ctx.now, times),
  };
  try {
    await ctx.store.items.moveAll(operation.id, 'INTENT', 'UNKNOWN');
    await knownLanes(run);
    if (policy.waiting) {
      policy.waiting = null;
      await savePolicy(run);
    }
    const problem = control.checkpoint() === 'cancel' ? 'cancelled' : await sendAll(run);
    if (problem === 'cancelled') return await closeCancelled(run, { skipRest, verify });
    const counts = () => outcomesOf(ctx.store, operation.id);
    if (problem === 'paused') return control.paused(await counts());
    if (problem !== null) return { state: 'PAUSED', counts: await counts(), error: problem };

    await operation.setState('VERIFYING');
    ctx.crashPoint?.('between_last_result_and_final_scan');
    const unverified = await verify(run);
    if (unverified === 'paused') return control.paused(await counts());
    if (unverified) return { state: 'PAUSED', counts: await counts(), error: unverified };
    ctx.crashPoint?.('between_final_scan_and_report');
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

async function skipRest({ ctx, operation }: RedriveRun): Promise<void> {
  await ctx.store.items.moveAll(operation.id, 'SELECTED', 'SKIPPED_BY_CANCEL');
  await ctx.store.items.skipWaiting(operation.id);
  await ctx.store.selections.close(operation.id);
}

async function verify(run: RedriveRun): Promise<Note | 'paused' | null> {
  let failingSince: number | null = null;
  const tell = tellsWaits(run);
  for (;;) {
    const began = run.ctx.now();
    try {
      const end = await finalScan(run);
      run.waits.over();
      await tell();
      return end === 'paused' ? 'paused' : null;
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      run.waits.failed(error.broker, error.cause, began);
      await tell();
      failingSince ??= run.ctx.now();
      if (run.ctx.now() - failingSince > run.times.patienceMs)
        return { key: 'verification_unreachable', params: { broker: error.broker } };
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
  const rest = total - stored - (counts.ALREADY_REDRIVEN ?? 0) - (counts.SKIPPED ?? 0);
  if (rest === 0) return { state: 'DONE', counts };
  const error = { key: 'not_all_sent', params: { count: rest, total } };
  const isOpen = (counts.NEEDS_DECISION ?? 0) > 0;
  return { state: stored === 0 && !isOpen ? 'FAILED' : 'PARTIAL', counts, error };
}
