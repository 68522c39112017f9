'use client';
import { useOutcomeWord } from '@/components/jobs/job-words';
import { type Look, Status } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import type { AuditRow } from '@/lib/contract/audit';
import type { AuditOutcome } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';

const LOOKS: Record<AuditOutcome, Look> = {
  allowed: { tone: 'info', icon: 'play' },
  success: { tone: 'ok', icon: 'consumed' },
  partial: { tone: 'warn', icon: 'warning' },
  unknown: { tone: 'warn', icon: 'unknown' },
  failure: { tone: 'crit', icon: 'dead' },
  denied: { tone: 'crit', icon: 'no-members' },
};

export function AuditOutcomeWord({ outcome, chip = false }: { outcome: AuditOutcome; chip?: boolean }) {
  const t = useT('audit');
  return (
    <Status {...LOOKS[outcome]} chip={chip}>
      {t(`outcome.${outcome}`)}
    </Status>
  );
}

/** An act that a later release wrote is called by its own name. */
export function useActionWord(): (action: string) => string {
  const t = useT('audit');
  return (action) => {
    const path = `action.${action}` as never;
    // A noun without its verb is no word but a branch.
    return action.includes('.') && t.has(path) ? t(path) : action;
  };
}

const NOT_PERMITTED = 'not_permitted ';

/** What came of it, or why it was done, in one line. */
export function useDetail(): (row: Pick<AuditRow, 'counts' | 'error' | 'reason'>) => string {
  const t = useT('audit');
  const f = useFormat();
  const word = useOutcomeWord();
  return ({ counts, error, reason }) => {
    const counted = Object.entries(counts ?? {})
      .filter(([, count]) => count > 0)
      .map(([name, n]) => {
        const path = `detail.counts.${name}` as never;
        const count = f.count(n);
        return t.has(path) ? t(path, { n, count } as never) : t('detail.count', { word: word(name), count });
      });
    const cause = error?.startsWith(NOT_PERMITTED)
      ? t('detail.denied', { permission: error.slice(NOT_PERMITTED.length) })
      : error?.replaceAll('_', ' ');
    return [...counted, cause].filter(Boolean).join(', ') || (reason ?? '');
  };
}
