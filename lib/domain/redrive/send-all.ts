import { RemotingError } from '@/lib/rocketmq/errors';
import type { Item } from '@/lib/store/items';
import { refusalParams } from '../access-refused';
import type { RunningOperation } from '../mutation';
import { Brake } from './brake';
import { awaitStage, roomOf } from './canary';
import type { RedriveInput } from './input';
import { outcomesOf } from './ledger-counts';
import { loadWindow } from './load-window';
import { NextItems } from './next-items';
import type { Note } from './note';
import { Pace } from './pace';
import { rejectDiverted } from './prove-place';
import { readyTargets } from './ready-targets';
import { resolveDue } from './resolve-unknown';
import { type RedriveRun, savePolicy } from './run-context';
import { type Sent, sendWindow } from './send-window';
import { skipHandled } from './skip-handled';
import { tellsWaits } from './tell-waits';

type SendEnd = Note | 'paused' | 'cancelled' | null;

/**
 * Sends what can be sent, window by window, at the pace, by the stages of the canary and under the brake. What needs a broker
 * that does not answer waits for it while the rest goes on. Null: nothing is left to send.
 */
export async function sendAll(run: RedriveRun): Promise<SendEnd> {
  const next = new NextItems(run);
  try {
    return await sendWindows(run, next);
  } finally {
    await next.end();
  }
}

async function sendWindows(run: RedriveRun, next: NextItems): Promise<SendEnd> {
  const { ctx, operation, control, times, policy, waits } = run;
  const pace = new Pace(operation.input.rate, times.sleep, ctx.now, policy.speed);
  const brake = new Brake(run);
  const beat = heartbeat(run);
  const tellWaits = tellsWaits(run);
  const seen = seenNote(operation);
  if (policy.canary) policy.canary.waitingSince = null;
  let accepts = seen === 'canary_failed';
  if (accepts || seen === 'brake_tripped') policy.brakeFrom = ctx.now();
  await savePolicy(run);
  for (;;) {
    await resolveDue(run);
    const act = control.checkpoint();
    if (act === 'pause') return 'paused';
    if (act === 'cancel') return 'cancelled';
    const room = await roomOf(run);
    // A copy of unknown outcome may be one of the stage.
    const isUnclear = room !== Number.POSITIVE_INFINITY && waits.unresolved.size > 0;
    const held = waits.held();
    const items = isUnclear ? [] : await next.take(Math.max(1, Math.min(pace.window, room)), held);
    if (items.length === 0 && held.size === 0) return null;
    await tellWaits();
    if (items.length > 0 && room === 0) {
      const stop = await awaitStage(run, accepts);
      if (stop) return stop;
      accepts = false;
      continue;
    }
    const braked = await brake.check();
    if (braked) return braked;
    await beat();
    if (items.length === 0) {
      const waitMs = waits.hurry(held);
      const tired = waitMs > 0 ? waits.outOfPatience() : null;
      if (tired) return tired;
      await control.wait(waitMs);
      continue;
    }

    const stop = await sendNext(run, items, pace);
    if (stop) return stop;
  }
}

async function sendNext(run: RedriveRun, items: readonly Item[], pace: Pace): Promise<Note | null> {
  const { policy, letters } = run;
  const targets = items.map((item) => letters.targetOf(item));
  const [{ loaded, read, refused }, { ready, note }] = await Promise.all([
    loadWindow(run, items),
    readyTargets(run, targets),
  ]);
  if (refused ?? note) return refused ?? note;
  const reachable = loaded.filter(({ letter }) => ready.has(letter.to.broker));
  const going = await skipHandled(run, reachable);
  const sent = await sendWindow(run, going, pace);
  const silent = [
    ...items.map(({ srcBroker }) => srcBroker).filter((broker) => !read.has(broker)),
    ...targets.map(({ broker }) => broker).filter((broker) => !ready.has(broker)),
  ];
  noteWaits(run, new Set([...read, ...ready]), new Set(silent), sent);
  if (pace.learn(sent.map(({ outcome: { code }, tookMs }) => ({ code, tookMs })))) {
    policy.speed = pace.speed;
    await savePolicy(run);
  }
  return stopAfter(run, sent);
}

/** Busy, or not to be reached: not stored for certain, so waiting and trying again is safe. */
function noteWaits(
  { ctx, waits }: RedriveRun,
  asked: ReadonlySet<string>,
  silent: ReadonlySet<string>,
  sent: readonly Sent[],
): void {
  for (const broker of asked) {
    const outcomes = sent.filter(({ letter }) => letter.to.broker === broker).map(({ outcome }) => outcome);
    const again = outcomes.find(({ next }) => next === 'again');
    if (again?.code === null)
      waits.failed(broker, new RemotingError('CLOSED', broker, again.remark ?? '', false), ctx.now());
    else if (again) waits.busy(broker);
    else if (!silent.has(broker) && !outcomes.some(({ state }) => state === 'UNKNOWN')) waits.over(broker);
  }
}

/** Why the run before this one paused, as whoever resumed it has read it. */
function seenNote({ errorJson }: RunningOperation<RedriveInput>): string | null {
  return errorJson === null ? null : (JSON.parse(errorJson) as Note).key;
}

/** A count that takes longer is not waited for. */
const SHORT_MS = 20;

/** Counting takes as long as there are letters: at most a tenth of the time, and of many beside the sending. */
function heartbeat({ ctx, operation }: RedriveRun): () => Promise<void> {
  let nextAt = 0;
  let tookMs = 0;
  let counted: Promise<Record<string, number>> | null = null;
  let isCounted = false;
  return async () => {
    if (!counted && ctx.now() >= nextAt) counted = count();
    if (!counted || (tookMs > SHORT_MS && !isCounted)) return operation.heartbeat();
    const outcomes = await counted;
    counted = null;
    isCounted = false;
    await operation.heartbeat(outcomes);
  };

  function count() {
    const began = ctx.now();
    const counting = outcomesOf(ctx.store, operation.id).finally(() => {
      tookMs = ctx.now() - began;
      nextAt = began + 10 * tookMs;
      isCounted = true;
    });
    // Told when it is asked for.
    counting.catch(() => {});
    return counting;
  }
}

async function stopAfter(run: RedriveRun, sent: readonly Sent[]): Promise<Note | null> {
  // One that leaves sends without an answer is not asked more before it has been given its time.
  const silent = new Set(
    sent.flatMap(({ outcome, letter }) => (outcome.state === 'UNKNOWN' ? [letter.to.broker] : [])),
  );
  const answered = sent.filter(({ letter }) => !silent.has(letter.to.broker));
  if (await rejectDiverted(run, answered)) return { key: 'diverted', params: { group: run.operation.input.group } };
  const stopped = sent.find(({ outcome }) => outcome.next === 'stop');
  if (!stopped) return null;
  const { outcome, letter } = stopped;
  const refusal = refusalParams(outcome.code, outcome.remark);
  if (refusal.cause) return { key: 'access_refused', params: { broker: letter.to.broker, ...refusal } };
  const params = {
    topic: letter.to.topic,
    broker: letter.to.broker,
    code: outcome.code ?? 0,
    remark: outcome.remark ?? '',
  };
  return { key: outcome.code === 17 || outcome.code === 26 ? 'target_gone' : 'send_refused', params };
}
