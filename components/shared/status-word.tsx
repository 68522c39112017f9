'use client';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';

export type Tone = 'crit' | 'warn' | 'ok' | 'info' | 'viol' | 'mute';
type Look = { tone: Tone; icon: IconName };

/** Worst first: the order of this table is the order of sorting. */
export const GROUP_STATUS = {
  STALLED: { tone: 'crit', icon: 'stalled' },
  STOPPED: { tone: 'crit', icon: 'stopped' },
  NO_MEMBERS: { tone: 'crit', icon: 'no-members' },
  WARN: { tone: 'warn', icon: 'warning' },
  REWOUND: { tone: 'viol', icon: 'rewound' },
  FROZEN: { tone: 'info', icon: 'frozen' },
  OK: { tone: 'ok', icon: 'ok' },
  UNKNOWN: { tone: 'mute', icon: 'unknown' },
} as const satisfies Record<string, Look>;
export type GroupStatus = keyof typeof GROUP_STATUS;

export const LETTER_STATE = {
  expired: { tone: 'crit', icon: 'expired' },
  dead: { tone: 'crit', icon: 'dead' },
  redriving: { tone: 'info', icon: 'redriving' },
  redriven: { tone: 'viol', icon: 'redriven' },
  consumed: { tone: 'ok', icon: 'consumed' },
  deadAgain: { tone: 'crit', icon: 'dead-again' },
  handled: { tone: 'mute', icon: 'handled' },
  unknown: { tone: 'warn', icon: 'unknown' },
  skipped: { tone: 'mute', icon: 'skipped' },
  waiting: { tone: 'mute', icon: 'waiting' },
} as const satisfies Record<string, Look>;
export type LetterState = keyof typeof LETTER_STATE;

export const SEVERITY = {
  critical: { tone: 'crit', icon: 'critical' },
  warning: { tone: 'warn', icon: 'warning' },
  note: { tone: 'info', icon: 'note' },
} as const satisfies Record<string, Look>;
export type Severity = keyof typeof SEVERITY;

export const OUTCOME = {
  done: { tone: 'ok', icon: 'consumed' },
  failed: { tone: 'crit', icon: 'dead' },
  unknown: { tone: 'warn', icon: 'unknown' },
  skipped: { tone: 'mute', icon: 'skipped' },
  pending: { tone: 'mute', icon: 'waiting' },
  running: { tone: 'info', icon: 'redriving' },
} as const satisfies Record<string, Look>;
export type Outcome = keyof typeof OUTCOME;

export const JOB_STATE = {
  planned: { tone: 'mute', icon: 'waiting' },
  running: { tone: 'info', icon: 'play' },
  paused: { tone: 'warn', icon: 'pause' },
  done: { tone: 'ok', icon: 'consumed' },
  partial: { tone: 'warn', icon: 'warning' },
  failed: { tone: 'crit', icon: 'dead' },
  cancelled: { tone: 'mute', icon: 'skipped' },
  unknown: { tone: 'warn', icon: 'unknown' },
} as const satisfies Record<string, Look>;
export type JobState = keyof typeof JOB_STATE;

type Shape = { chip?: boolean /** The rule with its numbers. */; because?: string | undefined };

/** Icon and word, never a colour alone. For a word of your own: `<Status tone icon>words</Status>`. */
export function Status({ tone, icon, chip = false, because, children }: Look & Shape & { children: ReactNode }) {
  return (
    <span
      className={`st ${chip ? 'chip ' : ''}${tone}`}
      {...(because ? { 'data-tip': because, ...(chip ? { tabIndex: 0 } : {}) } : {})}
    >
      <Icon name={icon} />
      {children}
    </span>
  );
}

export function GroupStatusWord({ status, ...shape }: { status: GroupStatus } & Shape) {
  const t = useT('status');
  return (
    <Status {...GROUP_STATUS[status]} {...shape} because={shape.because ?? t(`rule.${status}`)}>
      {t(`group.${status}`)}
    </Status>
  );
}

export function LetterStateWord({ state, ...shape }: { state: LetterState } & Shape) {
  const t = useT('status');
  return (
    <Status {...LETTER_STATE[state]} {...shape}>
      {t(`letter.${state}`)}
    </Status>
  );
}

export function SeverityWord({ severity }: { severity: Severity }) {
  const t = useT('status');
  return <Status {...SEVERITY[severity]}>{t(`severity.${severity}`)}</Status>;
}

export function OutcomeWord({ outcome, ...shape }: { outcome: Outcome } & Shape) {
  const t = useT('status');
  return (
    <Status {...OUTCOME[outcome]} {...shape}>
      {t(`outcome.${outcome}`)}
    </Status>
  );
}

/** `worst`: tone of its worst exception; a job that is done with exceptions is not done well. */
export function JobStateWord({ state, worst, ...shape }: { state: JobState; worst?: 'crit' | 'warn' | null } & Shape) {
  const t = useT('status');
  const look: Look = state === 'done' && worst ? { tone: worst, icon: 'warning' } : JOB_STATE[state];
  return (
    <Status {...look} {...shape}>
      {t(`job.${state}`)}
    </Status>
  );
}
