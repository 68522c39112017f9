import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import type { Item } from '@/lib/store/items';
import { accessRefused, refusalParams } from '../access-refused';
import type { RunningOperation } from '../mutation';
import { Brake } from './brake';
import { awaitStage, roomOf } from './canary';
import { writeQueuesOf } from './cluster-facts';
import type { RedriveInput } from './input';
import { outcomesOf } from './ledger-counts';
import { Pace } from './pace';
import { rejectDiverted } from './prove-place';
import { AGAIN, resolveUnknown } from './resolve-unknown';
import { destroySockets, type Note, type RedriveRun, savePolicy } from './run-context';
import { type Sent, sendWindow } from './send-window';

/** Letters that get their item in one commit. */
const LISTED_AT_ONCE = 1024;

/**
 * Sends what can be sent, window by window, at the pace, by the stages of the canary and under the brake. Null: nothing is left
 * to send.
 */
export async function sendAll(run: RedriveRun): Promise<Note | 'paused' | 'cancelled' | null> {
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
      if ('key' in sent) return sent;
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
      const refused = accessRefused(error, broker);
      if (refused) return refused;
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
