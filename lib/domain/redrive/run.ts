import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { GET_MAX_OFFSET } from '@/lib/rocketmq/requests/get-max-offset';
import type { WriteCapability } from '@/lib/rocketmq/write-capability';
import { StoreError } from '@/lib/store/errors';
import type { Item } from '@/lib/store/items';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { jobOf } from '../jobs/control';
import type { Outcome, RunningOperation } from '../mutation';
import { Brake, countJudged } from './brake';
import { awaitStage, roomOf } from './canary';
import { closeCancelled } from './close-cancelled';
import { writeQueuesOf } from './cluster-facts';
import { finalScan } from './final-scan';
import type { RedriveInput } from './input';
import { jobLetters } from './job-letters';
import { judgeItems } from './judge';
import { outcomesOf } from './ledger-counts';
import { Pace } from './pace';
import { policyOf } from './policy';
import { rejectDiverted } from './prove-place';
import { AGAIN, resolveUnknown } from './resolve-unknown';
import { Results } from './results';
import {
  callWithin,
  destroySockets,
  laneKey,
  type Note,
  REDRIVE_TIMES,
  type RedriveRun,
  savePolicy,
} from './run-context';
import { type Sent, sendWindow } from './send-window';

/** Letters that get their item in one commit. */
const LISTED_AT_ONCE = 1024;
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

async function sendAll(run: RedriveRun): Promise<Note | 'paused' | 'cancelled' | null> {
  const { ctx, operation, control, times, policy } = run;
  const pace = new Pace(operation.input.rate, times.sleep, ctx.now, policy.speed);
  const brake = new Brake(run);
  const beat = heartbeat(run);
  const seen = seenNote(operation);
  if (policy.canary) policy.canary.waitingSince = null;
  let accepts = seen === 'canary_failed';
  if (accepts || seen === 'brake_tripped') policy.brakeFrom = ctx.now();
  await savePolicy(run);
  let failures = 0;
  let failingSince = 0;
  for (;;) {
    const resolved = await resolveUnknown(run);
    if (resolved === 'paused') return 'paused';
    if (resolved === 'unreachable') return { key: 'outcomes_unresolved' };
    const act = control.checkpoint();
    if (act !== 'go') return act === 'pause' ? 'paused' : 'cancelled';
    const room = await roomOf(run);
    const items = await nextItems(run, Math.max(1, Math.min(pace.window, room)));
    if (items.length === 0) return null;
    if (room === 0) {
      const held = await awaitStage(run, accepts);
      if (held) return held;
      accepts = false;
      continue;
    }
    const braked = await brake.check();
    if (braked) return braked;
    await beat();

    const gone = await missingTarget(run, items);
    const sent = gone === 'unreachable' ? gone : gone ? null : await sendWindow(run, items, pace);
    if (gone && gone !== 'unreachable') return gone;
    if (sent && sent !== 'unreachable') {
      if (pace.learn(sent.map(({ outcome: { code }, tookMs }) => ({ code, tookMs })))) {
        policy.speed = pace.speed;
        await savePolicy(run);
      }
      const stop = await stopAfter(run, sent);
      if (stop) return stop;
      if (!sent.some(({ outcome }) => outcome.next === 'again')) {
        failures = 0;
        continue;
      }
    }
    // Busy, or not to be reached: not stored for certain, so waiting and trying again is safe.
    failures += 1;
    if (failures === 1) failingSince = ctx.now();
    const brokers = items.map((item) => run.letters.targetOf(item).broker);
    if (sent === 'unreachable') destroySockets(run, brokers);
    if (ctx.now() - failingSince > times.patienceMs) {
      return {
        key: sent === 'unreachable' ? 'broker_unreachable' : 'broker_busy',
        params: { broker: [...new Set(brokers)].join(', ') },
      };
    }
    await control.wait(times.backOffMs * Math.min(16, 2 ** (failures - 1)));
  }
}

/** Why the run before this one paused, as whoever resumed it has read it. */
function seenNote({ errorJson }: RunningOperation<RedriveInput>): string | null {
  return errorJson === null ? null : (JSON.parse(errorJson) as Note).key;
}

/** Letters that were not stored, then those that were not tried yet. */
async function nextItems({ ctx, operation, letters }: RedriveRun, limit: number): Promise<Item[]> {
  const again = await ctx.store.items.page(operation.id, { states: ['REJECTED'], reason: AGAIN, limit });
  const missing = limit - again.length;
  if (missing === 0) return again;
  for (;;) {
    const fresh = await ctx.store.items.page(operation.id, { states: ['SELECTED'], limit: missing });
    if (fresh.length === missing || (await letters.next(LISTED_AT_ONCE)) === 0) return [...again, ...fresh];
  }
}

/** Counting takes as long as there are letters: at most a tenth of the time. */
function heartbeat({ ctx, operation }: RedriveRun): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    const began = ctx.now();
    if (began < nextAt) return operation.heartbeat();
    await operation.heartbeat(await outcomesOf(ctx.store, operation.id));
    nextAt = began + 10 * (ctx.now() - began);
  };
}

/** A send to a topic that is gone would create it (safety F23). */
async function missingTarget(run: RedriveRun, items: readonly Item[]): Promise<Note | 'unreachable' | null> {
  const targets = new Map(
    items.map((item) => {
      const target = run.letters.targetOf(item);
      return [`${target.topic} ${target.broker}`, target];
    }),
  );
  for (const { topic, broker } of targets.values()) {
    try {
      if ((await writeQueuesOf(run.ctx, broker, topic)) === 0) return { key: 'target_gone', params: { topic, broker } };
    } catch (error) {
      if (error instanceof RemotingError || error instanceof RocketMQError) return 'unreachable';
      throw error;
    }
  }
  return null;
}

async function stopAfter(run: RedriveRun, sent: readonly Sent[]): Promise<Note | null> {
  if (await rejectDiverted(run, sent)) return { key: 'diverted', params: { group: run.operation.input.group } };
  const stopped = sent.find(({ outcome }) => outcome.next === 'stop');
  if (!stopped) return null;
  const { outcome, letter } = stopped;
  const params = {
    topic: letter.to.topic,
    broker: letter.to.broker,
    code: outcome.code ?? 0,
    remark: outcome.remark ?? '',
  };
  return { key: outcome.code === 17 || outcome.code === 26 ? 'target_gone' : 'send_refused', params };
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
  if (error instanceof RocketMQError) {
    return {
      key: 'broker_refused',
      params: { broker: broker || error.address, code: error.code, remark: error.remark.slice(0, 200) },
    };
  }
  throw error;
}
