'use client';
import { type Look, Status } from '@/components/shared/status-word';
import type { JobKind, JobState, JobSummary } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { outcomeLook, worstExceptionTone } from './outcome-looks';

const STATES: Record<JobState, Look> = {
  QUEUED: { tone: 'mute', icon: 'waiting' },
  RUNNING: { tone: 'info', icon: 'play' },
  PAUSED: { tone: 'warn', icon: 'pause' },
  VERIFYING: { tone: 'info', icon: 'redriving' },
  DONE: { tone: 'ok', icon: 'consumed' },
  PARTIAL: { tone: 'warn', icon: 'warning' },
  FAILED: { tone: 'crit', icon: 'dead' },
  CANCELLED: { tone: 'mute', icon: 'skipped' },
};

/** A job that ended with exceptions is done, but not well. */
export function jobLook({ state, outcomes }: Pick<JobSummary, 'state' | 'outcomes'>): Look {
  const worst = state === 'DONE' ? worstExceptionTone(outcomes) : null;
  return worst === null ? STATES[state] : { tone: worst, icon: 'warning' };
}

export function JobStateChip({ job, chip = false }: { job: JobSummary; chip?: boolean }) {
  const t = useT('jobs');
  return (
    <Status {...jobLook(job)} chip={chip}>
      {t(`state.${job.state}`)}
    </Status>
  );
}

export function useKindWord(): (kind: JobKind) => string {
  const t = useT('jobs');
  return (kind) => t(`kind.${kind}`);
}

export function useOutcomeWord(): (name: string) => string {
  const t = useT('jobs');
  return (name) => {
    const path = `outcomes.${name}` as never;
    return t.has(path) ? t(path) : name;
  };
}

export function OutcomeWordOf({ name }: { name: string }) {
  const word = useOutcomeWord();
  return <Status {...outcomeLook(name)}>{word(name)}</Status>;
}
