'use client';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';

export type Tone = 'crit' | 'warn' | 'ok' | 'info' | 'viol' | 'mute';
export type Look = { tone: Tone; icon: IconName };

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

export const SEVERITY = {
  critical: { tone: 'crit', icon: 'critical' },
  warning: { tone: 'warn', icon: 'warning' },
  note: { tone: 'info', icon: 'note' },
} as const satisfies Record<string, Look>;
export type Severity = keyof typeof SEVERITY;

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

export function SeverityWord({ severity }: { severity: Severity }) {
  const t = useT('status');
  return <Status {...SEVERITY[severity]}>{t(`severity.${severity}`)}</Status>;
}
