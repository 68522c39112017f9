import type { Tone } from '@/components/shared/status-word';
import type { IconName } from '@/components/ui/icon';
import type { TraceReply } from '@/lib/contract/trace';

export type TraceGroup = TraceReply['groups'][number];
export type TraceAttempt = TraceGroup['attempts'][number];

/** Attempts that say the same, told in one line. */
export type AttemptRun = {
  first: TraceAttempt;
  last: TraceAttempt;
  /** Waits that followed, ms. */
  waits: number[];
  clients: string[];
  /** Of the first that tells one. */
  costMs: number | null;
};

const LOOK: Record<TraceAttempt['result'], { tone: Tone; icon: IconName }> = {
  success: { tone: 'ok', icon: 'consumed' },
  failed: { tone: 'crit', icon: 'dead' },
  exception: { tone: 'crit', icon: 'dead' },
  timeout: { tone: 'crit', icon: 'waiting' },
  returned_null: { tone: 'crit', icon: 'dead' },
  running: { tone: 'info', icon: 'redriving' },
  unknown: { tone: 'warn', icon: 'unknown' },
};
export const attemptLook = (result: TraceAttempt['result']) => LOOK[result];

/** The first and the last attempt stand alone, after a redrive again; alike ones between them become one run. */
export function groupAttempts(attempts: readonly TraceAttempt[]): AttemptRun[] {
  const runs: AttemptRun[] = [];
  const isFirst = (index: number) => {
    const [before, attempt] = [attempts[index - 1], attempts[index]];
    return !before || (attempt !== undefined && attempt.attempt <= before.attempt);
  };
  for (const [index, attempt] of attempts.entries()) {
    const before = runs.at(-1);
    const isEdge = isFirst(index) || isFirst(index - 1) || isFirst(index + 1) || index === attempts.length - 1;
    if (before && !isEdge && before.last.result === attempt.result && before.last.source === attempt.source) {
      before.last = attempt;
      before.waits.push(...waitAfter(attempt));
      if (attempt.client && !before.clients.includes(attempt.client)) before.clients.push(attempt.client);
      before.costMs ??= attempt.costMs;
      continue;
    }
    runs.push({
      first: attempt,
      last: attempt,
      waits: waitAfter(attempt),
      clients: attempt.client ? [attempt.client] : [],
      costMs: attempt.costMs,
    });
  }
  return runs;
}

function waitAfter({ startedAt, costMs, next }: TraceAttempt): number[] {
  if (next.kind !== 'retry' || next.at === null || startedAt === null) return [];
  return [Math.max(0, next.at - startedAt - (costMs ?? 0))];
}
