'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Meter } from '@/components/shared/meter';
import { Section } from '@/components/shared/page-header';
import { GROUP_STATUS, type GroupStatus, Status } from '@/components/shared/status-word';
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
            <ClusterLink className="ell hoverline" href="/groups/detail" params={{ group }}>
              {group}
            </ClusterLink>
            <StatusMark status={status} />
            <Meter value={lag} limit={limit} width={110} label={t('worst.bar', { group, count: f.count(lag) })} />
            <b className="n fw5 tr">{f.count(lag)}</b>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function StatusMark({ status }: { status: string }) {
  const t = useT('status');
  if (!Object.hasOwn(GROUP_STATUS, status)) return <span />;
  const word = status as GroupStatus;
  return (
    <Status {...GROUP_STATUS[word]}>
      <span className="hide-n">{t(`group.${word}`)}</span>
    </Status>
  );
}
