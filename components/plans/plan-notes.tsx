'use client';
import { Banner, PartialBanner } from '@/components/shared/banner';
import { SEVERITY } from '@/components/shared/status-word';

import { useFormat, useNow } from '@/components/shared/use-format';
import { Icon } from '@/components/ui/icon';
import type { Warning } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';
import { useSaid } from './use-said';

type Noted = {
  warnings: readonly Warning[];
  refused: { key: string; params: Record<string, string | number> } | null;
  failures: readonly { broker: string; message: string }[];
};
const RANK = { critical: 0, warning: 1, note: 2 } as const;
const TONE = { critical: 'crit', warning: 'warn', note: 'info' } as const;

/** What to know before saying yes, worst first; `t` is the translator of the plan's own texts. */
export function PlanNotes({ plan, t }: { plan: Noted; t: unknown }) {
  const jobs = useT('jobs');
  const say = useSaid();
  const sentence = (family: string, { key, params }: { key: string; params: Record<string, string | number> }) =>
    say(t, `${family}.${key}`, params) ?? key;
  const warnings = [...plan.warnings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  const worst = warnings[0]?.severity ?? 'note';
  return (
    <>
      {plan.refused ? (
        <Banner tone="crit">
          <span className="small">
            <b>{jobs('write.refused')}</b> {sentence('refused', plan.refused)}
          </span>
        </Banner>
      ) : null}
      <PartialBanner failures={plan.failures} />
      {warnings.length > 0 ? (
        <div className={`banner ${TONE[worst]} mb12`}>
          <ul className="grow">
            {warnings.map((warning) => (
              <li key={`${warning.key} ${JSON.stringify(warning.params)}`} className="flex top-al small">
                <span className={`${TONE[warning.severity]} mt-[1px]`}>
                  <Icon name={SEVERITY[warning.severity].icon} size={14} />
                </span>
                <span>{sentence('warnings', warning)}</span>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}

/** “as of 03:13:52, valid for 4 min 41 s”. */
export function PlanValidity({ plan }: { plan: { asOf: number; expiresAt: number } }) {
  const t = useT('jobs');
  const f = useFormat();
  const now = useNow(1_000);
  const leftMs = Math.max(0, plan.expiresAt - Math.max(now, plan.asOf));
  return <>{t('write.asOf', { time: f.time(plan.asOf), left: f.duration(Math.round(leftMs / 1_000) * 1_000) })}</>;
}
