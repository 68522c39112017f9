import type { z } from 'zod';
import type { traceAttempt } from '@/lib/contract/trace';
import type { TraceSubAfter, TraceSubBefore } from '@/lib/rocketmq/codec/trace-records';
import type { Context } from './contexts';

export type TraceAttempt = z.infer<typeof traceAttempt>;

/** A copy that a failed attempt left behind: one that waits, was handed out again, or died. */
export interface Aftermath {
  /** Number of the attempt that failed. */
  attempt: number;
  /** When the copy was stored, epoch ms. */
  at: number;
  next: TraceAttempt['next'];
}

/** `ConsumeReturnType.java`. */
const RESULTS: TraceAttempt['result'][] = ['success', 'timeout', 'exception', 'returned_null', 'failed'];
/** Clocks of client and broker may differ. */
const SKEW_MS = 5000;
/** Default `consumeTimeout` of a push consumer. */
const LONGEST_RUN_MS = 15 * 60_000;

/**
 * Attempts of one group in order of time: from its trace (`SubBefore` and `SubAfter` paired by request id), completed
 * by those that left only a stored copy.
 */
export function attemptsOf(
  contexts: readonly Context[],
  aftermaths: readonly Aftermath[],
  now: number,
): TraceAttempt[] {
  const open = [...aftermaths].sort((a, b) => a.at - b.at);
  const traced = numbered(pair(contexts), open);
  const attempts = traced.map((attempt, index) => {
    const later = traced.slice(index + 1);
    if (attempt.result === 'success') return attempt;
    const start = attempt.startedAt ?? 0;
    const match = open.find((each) => each.attempt === attempt.attempt && each.at >= start - SKEW_MS);
    if (match) open.splice(open.indexOf(match), 1);
    return {
      ...attempt,
      failedBy: match?.at ?? null,
      result: settle(attempt, match !== undefined || later.length > 0, now),
      next: match?.next ?? attempt.next,
    };
  });
  const inferred = open.map(
    ({ attempt, at, next }): TraceAttempt => ({
      attempt,
      startedAt: null,
      failedBy: at,
      costMs: null,
      client: null,
      result: 'failed',
      source: 'stored',
      next,
    }),
  );
  const times = new Map(inferred.map((attempt, index) => [attempt, open[index]?.at ?? 0]));
  const timeOf = (attempt: TraceAttempt) => attempt.startedAt ?? times.get(attempt) ?? 0;
  return [...attempts, ...inferred].sort((a, b) => timeOf(a) - timeOf(b) || a.attempt - b.attempt);
}

/** An attempt that never reported its end: what came after tells. */
function settle({ result, startedAt }: TraceAttempt, wentOn: boolean, now: number): TraceAttempt['result'] {
  if (result !== 'running') return result;
  if (wentOn) return 'failed';
  return startedAt !== null && now - startedAt < LONGEST_RUN_MS ? 'running' : 'unknown';
}

type Unnumbered = Omit<TraceAttempt, 'attempt'> & { attempt: number | null };

/**
 * Only its beginning says which attempt it was, and that may lie on a broker that does not answer: then the copy that was
 * stored when it ended tells, or the attempt before it.
 */
function numbered(attempts: readonly Unnumbered[], copies: readonly Aftermath[]): TraceAttempt[] {
  const taken = new Set(attempts.map(({ attempt }) => attempt));
  let last = 0;
  return attempts.map((each) => {
    const endedAt = (each.startedAt ?? 0) + (each.costMs ?? 0);
    const distance = ({ at }: Aftermath) => Math.abs(at - endedAt);
    const [nearest] = copies
      .filter((copy) => !taken.has(copy.attempt) && distance(copy) <= SKEW_MS)
      .sort((a, b) => distance(a) - distance(b));
    last = each.attempt ?? nearest?.attempt ?? last + 1;
    taken.add(last);
    return { ...each, attempt: last };
  });
}

function pair(contexts: readonly Context[]): Unnumbered[] {
  const befores = new Map<string, TraceSubBefore & { client: string }>();
  const afters = new Map<string, TraceSubAfter & { client: string }>();
  for (const context of contexts) {
    if (context.type === 'SubBefore') befores.set(context.requestId, context);
    if (context.type === 'SubAfter') afters.set(context.requestId, context);
  }
  const attempts: Unnumbered[] = [];
  for (const requestId of new Set([...befores.keys(), ...afters.keys()])) {
    const before = befores.get(requestId);
    const after = afters.get(requestId);
    attempts.push({
      attempt: before ? (before.retryTimes ?? 0) + 1 : null,
      startedAt: before?.at ?? (after?.at != null ? after.at - (after.costMs ?? 0) : null),
      failedBy: null,
      costMs: after?.costMs ?? null,
      client: before?.client ?? after?.client ?? null,
      result: after ? resultOf(after) : 'running',
      source: 'trace',
      next: { kind: 'none', at: null, delayLevel: null },
    });
  }
  return attempts.sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
}

function resultOf({ success, contextCode }: TraceSubAfter): TraceAttempt['result'] {
  if (success) return 'success';
  const result = RESULTS[contextCode ?? -1];
  return result === undefined || result === 'success' ? 'failed' : result;
}
