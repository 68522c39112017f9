import type { Format } from '@/components/shared/use-format';
import type { T } from '@/lib/i18n/use-t';
import type { AttemptRun, TraceAttempt } from './attempt-runs';

/** When an attempt, or the first to the last of a run, took place: its beginning, else by when it had failed. */
export function attemptTime(
  { first, last }: Pick<AttemptRun, 'first' | 'last'>,
  t: T<'trace'>,
  f: Pick<Format, 'time'>,
  precision?: 'minute' | 'second' | 'ms',
): string {
  const timeOf = ({ startedAt, failedBy }: TraceAttempt) => {
    if (startedAt !== null) return f.time(startedAt, precision);
    return failedBy === null ? t('timeUnknown') : t('failedBy', { time: f.time(failedBy, precision) });
  };
  const [from, to] = [timeOf(first), timeOf(last)];
  // By when the last one had failed, the others had too.
  return from === to || first.startedAt === null ? to : t('span', { from, to });
}
