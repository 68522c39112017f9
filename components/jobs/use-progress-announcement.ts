import { useEffect, useRef } from 'react';
import { announce } from '@/components/shared/live-region';
import type { JobDetail } from '@/lib/contract/jobs';
import { formatCount } from '@/lib/format/numbers';
import { useT } from '@/lib/i18n/use-t';
import { isMoving } from '@/lib/queries/jobs';
import { exceptionsOf, settledOf } from './outcome-looks';

const EVERY_MS = 5_000;
/** Notes of a job that has stopped itself. */
const STOPS: ReadonlySet<string> = new Set(['canary_failed', 'canary_not_consumed', 'brake_tripped', 'lag_over_limit']);

/** Progress for a screen reader, at most every five seconds; the end at once. */
export function useProgressAnnouncement(job: JobDetail | undefined): void {
  const t = useT('jobs');
  const last = useRef({ at: 0, text: '', state: job?.state });
  useEffect(() => {
    if (!job) return;
    const now = Date.now();
    const isNewState = last.current.state !== undefined && last.current.state !== job.state;
    if (!isNewState && (!isMoving(job.state) || now - last.current.at < EVERY_MS)) return;
    const { exported } = job;
    const isExporting = exported !== null && isMoving(job.state);
    const written = isExporting && { written: formatCount(exported.written), total: formatCount(exported.of) };
    const settled = t('spoken', {
      settled: formatCount(settledOf(job.outcomes)),
      total: formatCount(job.total),
      open: formatCount(exceptionsOf(job.outcomes)),
    });
    const progress = written ? t('spokenExport', written) : settled;
    const text = isNewState ? `${t(`state.${job.state}`)}. ${progress}` : progress;
    last.current = { at: now, text, state: job.state };
    const hasStopped = job.state === 'FAILED' || (job.state === 'PAUSED' && STOPS.has(job.note?.key ?? ''));
    if (isNewState || isMoving(job.state)) announce(text, hasStopped ? 'assertive' : 'polite');
  }, [job, t]);
}
