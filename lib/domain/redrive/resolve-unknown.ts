import { GET_BROKER_RUNTIME_INFO } from '@/lib/rocketmq/requests/get-broker-runtime-info';
import type { Attempt } from '@/lib/store/attempts';
import type { QueueRef } from '../messages/read-queue';
import { callWithin, destroySockets, laneKey, laneOf, type RedriveRun, waitUnlessPaused } from './run-context';
import { type LaneScan, scanLane } from './scan-lane';
import { isOfBroker } from './waits';

const MAX_ATTEMPTS = 3;
/** Reason of a rejected item that is sent again: it is proved that no copy of it is stored. */
export const AGAIN = 'again' as const;

/**
 * Finds out what became of sends without an answer (safety §5.5 step 8): nothing may be on its way any more, then the
 * target queue is searched from its floor. Found is confirmed, absent is sent again, and what cannot be proved is left
 * to a person. Looks at those brokers whose time has come; letters of others go on meanwhile.
 */
export async function resolveDue(run: RedriveRun): Promise<void> {
  const { ctx, operation, waits } = run;
  const unknown = await ctx.store.attempts.ofState(operation.id, 'UNKNOWN');
  for (const broker of new Set(unknown.map(({ tgtBroker }) => tgtBroker))) {
    if (!waits.isUnresolved(broker)) {
      destroySockets(run, [broker]);
      waits.unanswered(broker);
      ctx.crashPoint?.('during_resolution_wait');
    }
    if (waits.isDue(broker)) await resolveAt(run, broker, unknown);
  }
}

/** The same, until all of it is known; a job that has to end can wait for nothing else. */
export async function resolveUnknown(run: RedriveRun): Promise<'resolved' | 'unreachable' | 'paused'> {
  const { ctx, times, waits } = run;
  const until = ctx.now() + times.settleMs + times.patienceMs;
  for (;;) {
    await resolveDue(run);
    if (waits.unresolved.size === 0) return 'resolved';
    if (ctx.now() >= until) return 'unreachable';
    if (!(await waitUnlessPaused(run, waits.hurry(waits.unresolved)))) return 'paused';
  }
}

async function resolveAt(run: RedriveRun, broker: string, unknown: readonly Attempt[]): Promise<void> {
  const { ctx, operation, waits } = run;
  const began = ctx.now();
  try {
    if (!(await isCaughtUp(run, broker))) return waits.busy(broker);
    await resolveByScan(
      run,
      unknown.filter(({ tgtBroker }) => tgtBroker === broker),
    );
    waits.over(broker);
  } catch (error) {
    if (!isOfBroker(error)) throw error;
    waits.failed(broker, error, began);
    ctx.log.warn({ operation: operation.id, err: (error as Error).message }, 'unknown outcomes cannot be resolved yet');
  }
}

/** The queues of a broker lag behind its commit log; absence is proved only when they have caught up. */
export async function isCaughtUp({ ctx }: Pick<RedriveRun, 'ctx'>, broker: string): Promise<boolean> {
  const info = await ctx.client.call(GET_BROKER_RUNTIME_INFO, undefined, { broker, ...callWithin(ctx) });
  return (info.dispatchBehindBytes ?? 0) <= 0;
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
