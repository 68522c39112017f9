'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Section } from '@/components/shared/page-header';
import { GROUP_STATUS, type GroupStatus, GroupStatusWord } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import type { OverviewReply } from '@/lib/contract/overview';
import { useT } from '@/lib/i18n/use-t';

const SHOWN = 5;
/** Below this, six waiting messages would draw a mountain. */
const FLOOR = 3_000;

export function WorstLagPanel({ worst }: { worst: OverviewReply['worstLag'] }) {
  const t = useT('overview');
  const f = useFormat();
  const rows = worst.slice(0, SHOWN);
  const limit = Math.max(FLOOR, rows[0]?.lag ?? 0);
  return (
    <Section
      panel
      title={t('worst.title')}
      note={t('worst.note')}
      right={
        <ClusterLink className="link" href="/groups?sort=-lag">
          {t('worst.all')}
        </ClusterLink>
      }
    >
      {rows.length === 0 ? <p className="fg3">{t('worst.none')}</p> : null}
      <ul className="bars">
        {rows.map(({ group, lag, status }) => (
          <li key={group}>
            <ClusterLink className="ell nowrap hoverline" href="/groups/detail" params={{ group }}>
              {group}
            </ClusterLink>
            <StatusMark status={status} />
            <b className="n fw5 tr">{f.count(lag)}</b>
            <LagBar share={lag / limit} label={t('worst.bar', { group, count: f.count(lag) })} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

const LagBar = ({ share, label }: { share: number; label: string }) => (
  <svg width="100%" height="5" role="img" aria-label={label}>
    <rect width="100%" height="5" rx="1" className="ft" />
    <rect width={`${Math.max(0.4, share * 100)}%`} height="5" rx="1" className="f1" />
  </svg>
);

/** Healthy looks flat: OK needs no word here. */
function StatusMark({ status }: { status: string }) {
  if (status === 'OK' || !Object.hasOwn(GROUP_STATUS, status)) return <span />;
  return <GroupStatusWord status={status as GroupStatus} />;
}
