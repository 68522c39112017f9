import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { GET_BROKER_RUNTIME_INFO } from '@/lib/rocketmq/requests/get-broker-runtime-info';
import type { Attempt } from '@/lib/store/attempts';
import type { QueueRef } from '../messages/read-queue';
import { callWithin, destroySockets, laneKey, laneOf, type RedriveRun, waitUnlessPaused } from './run-context';
import { type LaneScan, scanLane } from './scan-lane';

const MAX_ATTEMPTS = 3;
/** Reason of a rejected item that is sent again: it is proved that no copy of it is stored. */
export const AGAIN = 'again' as const;

/**
 * Finds out what became of sends without an answer (safety §5.5 step 8): nothing may be on its way any more, then the
 * target queue is searched from its floor. Found is confirmed, absent is sent again, and what cannot be proved is left
 * to a person.
 */
export async function resolveUnknown(run: RedriveRun): Promise<'resolved' | 'unreachable' | 'paused'> {
  const { ctx, operation, times } = run;
  const unknown = await ctx.store.attempts.ofState(operation.id, 'UNKNOWN');
  if (unknown.length === 0) return 'resolved';
  const brokers = new Set(unknown.map(({ tgtBroker }) => tgtBroker));
  destroySockets(run, brokers);
  ctx.crashPoint?.('during_resolution_wait');
  if (!(await waitUnlessPaused(run, times.settleMs))) return 'paused';

  const until = ctx.now() + times.patienceMs;
  for (;;) {
    // What one broker has is found though another does not answer.
    await inOrder([...brokers], async (broker) => {
      try {
        await dispatched(run, broker, until);
        await resolveByScan(
          run,
          unknown.filter(({ tgtBroker }) => tgtBroker === broker),
        );
        brokers.delete(broker);
      } catch (error) {
        if (!(error instanceof RemotingError || error instanceof RocketMQError)) throw error;
        ctx.log.warn({ operation: operation.id, err: error.message }, 'unknown outcomes cannot be resolved yet');
      }
    });
    if (brokers.size === 0) return 'resolved';
    if (ctx.now() >= until) return 'unreachable';
    if (!(await waitUnlessPaused(run, 1000))) return 'paused';
  }
}

/** The queues of a broker lag behind its commit log; absence is proved only when they have caught up. */
export async function dispatched({ ctx, times }: RedriveRun, broker: string, until: number): Promise<void> {
  for (;;) {
    const info = await ctx.client.call(GET_BROKER_RUNTIME_INFO, undefined, { broker, ...callWithin(ctx) });
    if ((info.dispatchBehindBytes ?? 0) <= 0) return;
    if (ctx.now() >= until) throw new RemotingError('TIMEOUT', broker, `${broker} is behind with its queues`, true);
    await times.sleep(200);
  }
}

async function resolveByScan(run: RedriveRun, unknown: readonly Attempt[]): Promise<void> {
  const { ctx, operation } = run;
  // What an earlier look did not find may have arrived before it was sent again.
  const again = await ctx.store.attempts.ofState(operation.id, 'REJECTED', AGAIN);
  for (const { lane, floor } of lanesOf(unknown)) {
    ctx.crashPoint?.('during_lane_scan');
    const isHere = (attempt: Attempt) => laneKey(laneOf(attempt)) === laneKey(lane);
    const [mine, earlier] = [unknown.filter(isHere), again.filter(isHere)];
    const from = Math.min(floor, ...earlier.map(({ floorOffset }) => floorOffset));
    const wanted = new Set([...mine, ...earlier].map(({ n }) => n));
    const scan = await scanLane(ctx, lane, from, operation.id, wanted);
    for (const n of new Set(mine.map((attempt) => attempt.n))) await settle(run, n, scan);
    for (const n of new Set(earlier.map((attempt) => attempt.n))) if (scan.copies.has(n)) await settle(run, n, scan);
  }
}

/** Queues that copies were sent to, and the lowest end that any of them had before. */
function lanesOf(attempts: readonly Attempt[]): { lane: QueueRef; floor: number }[] {
  const lanes = new Map<string, { lane: QueueRef; floor: number }>();
  for (const attempt of attempts) {
    const key = laneKey(laneOf(attempt));
    const floor = Math.min(attempt.floorOffset, lanes.get(key)?.floor ?? Number.POSITIVE_INFINITY);
    lanes.set(key, { lane: laneOf(attempt), floor });
  }
  return [...lanes.values()];
}

async function settle({ ctx, operation }: RedriveRun, n: number, { copies, isProof }: LaneScan): Promise<void> {
  const { items, attempts } = ctx.store;
  const resolvedAt = ctx.now();
  const found = copies.get(n) ?? [];
  const tries = await attempts.list(operation.id, n);
  // An earlier attempt that was not found then may have arrived since, and be the copy.
  const told = tries.filter(({ k, resolvedBy }) => resolvedBy === null || found.some((copy) => copy.k === k));
  const unanswered = tries.filter(({ resolvedBy }) => resolvedBy !== 'ANSWER').length;
  const state = found.length > 0 ? 'CONFIRMED' : !isProof || unanswered >= MAX_ATTEMPTS ? 'NEEDS_DECISION' : 'REJECTED';
  const reasons = {
    CONFIRMED: null,
    REJECTED: AGAIN,
    NEEDS_DECISION: isProof ? 'attempts_exhausted' : 'scan_incomplete',
  } as const;
  await ctx.store.batch([
    ...told.map(({ k }) => {
      const copy = found.find((each) => each.k === k);
      const place = copy ? { offsetMsgId: copy.offsetMsgId, queueOffset: copy.queueOffset } : {};
      // Without proof the attempt stays open: a later look may still find it.
      return attempts.update(
        operation.id,
        n,
        k,
        copy || isProof ? { ...place, resolvedBy: 'SCAN', resolvedAt } : { resolvedAt },
      );
    }),
    items.update(operation.id, n, { state, terminalReason: reasons[state] }),
  ]);
}

async function inOrder<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}
