'use client';
import { Status, type Tone } from '@/components/shared/status-word';
import type { IconName } from '@/components/ui/icon';
import type { JobKind, JobState } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { outcomeLook } from './outcome-looks';

const STATES: Record<JobState, { tone: Tone; icon: IconName }> = {
  QUEUED: { tone: 'mute', icon: 'waiting' },
  RUNNING: { tone: 'info', icon: 'play' },
  PAUSED: { tone: 'warn', icon: 'pause' },
  VERIFYING: { tone: 'info', icon: 'redriving' },
  DONE: { tone: 'ok', icon: 'consumed' },
  PARTIAL: { tone: 'warn', icon: 'warning' },
  FAILED: { tone: 'crit', icon: 'dead' },
  CANCELLED: { tone: 'mute', icon: 'skipped' },
};

export function JobStateChip({ state, chip = false }: { state: JobState; chip?: boolean }) {
  const t = useT('jobs');
  return (
    <Status {...STATES[state]} chip={chip}>
      {t(`state.${state}`)}
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
