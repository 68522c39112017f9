'use client';
import { useMemo } from 'react';
import { RuledStatus } from '@/components/lag/rule';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { Column } from '@/components/shared/data-table';
import { Figure } from '@/components/shared/figure';
import { Sparkline } from '@/components/shared/sparkline';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { DeadLetterGroupRow } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';
import { TimeLeft } from './expiry';
import { LedgerShare } from './ledger-share';

export function useGroupColumns(): Column<DeadLetterGroupRow>[] {
  const t = useT('dead-letters');
  const f = useFormat();
  return useMemo(
    () => [
      {
        id: 'group',
        header: t('column.group'),
        isRowHeader: true,
        sort: 'group',
        cell: (row) => (
          <>
            <ClusterLink className="nm" href="/dead-letters/group" params={{ group: row.group }}>
              {row.group}
            </ClusterLink>
            <span className="sub">
              {row.originTopics.length > 0 ? t('from', { topics: row.originTopics.join(', ') }) : `%DLQ%${row.group}`}
            </span>
          </>
        ),
      },
      {
        id: 'status',
        header: t('column.status'),
        phone: false,
        cell: (row) =>
          row.status && row.rule ? (
            <RuledStatus status={row.status} rule={row.rule} />
          ) : (
            <span className="fg3">{t('groupGone')}</span>
          ),
      },
      {
        id: 'open',
        header: t('column.open'),
        align: 'right',
        sort: 'open',
        cell: (row) => (
          <>
            <Figure
              value={row.open}
              reason={row.unknown?.count}
              partial={row.open !== null && row.unknown?.count !== undefined}
              tone={row.open === 0 ? 'fg3' : undefined}
              strong
            />
            <span className="sub">{row.count === null ? null : t('ofLetters', { count: f.count(row.count) })}</span>
          </>
        ),
      },
      {
        id: 'lastHour',
        header: t('column.lastHour'),
        align: 'right',
        phone: false,
        sort: 'lastHour',
        cell: (row) => (
          <span className={row.lastHour > 0 ? 'n crit' : 'n fg3'}>
            {row.lastHour > 0 ? `+${f.count(row.lastHour)}` : f.count(0)}
          </span>
        ),
      },
      {
        id: 'trend',
        header: t('column.trend'),
        priority: 3,
        cell: (row) => (
          <Sparkline
            values={row.hours}
            floor={5}
            tone={row.lastHour > 0 ? 'crit' : 'mute'}
            label={t('failures.trend', { count: f.count(row.hours.reduce((sum, count) => sum + count, 0)) })}
          />
        ),
      },
      {
        id: 'cause',
        header: t('column.cause'),
        className: 'clip',
        priority: 2,
        cell: (row) =>
          row.cause === null ? (
            <span className="fg3">–</span>
          ) : (
            <>
              {row.cause.text ?? t(row.cause.isMasked ? 'failures.masked' : 'failures.none')}
              <span className="sub">{t('ofOpen', { share: f.percent(row.cause.share) })}</span>
            </>
          ),
      },
      {
        id: 'newest',
        header: t('column.newest'),
        align: 'right',
        priority: 2,
        sort: 'newestAt',
        cell: (row) => <TwoTimes at={row.newestAt} />,
      },
      {
        id: 'expires',
        header: t('column.expires'),
        align: 'right',
        sort: 'expiresAt',
        firstDirection: 'asc',
        cell: (row) =>
          row.open === 0 ? <span className="fg3">{t('noneOpen')}</span> : <TimeLeft at={row.expiresAt} withTime />,
      },
      {
        id: 'ledger',
        header: t('column.ledger'),
        priority: 3,
        cell: (row) => <LedgerShare row={row} />,
      },
      {
        id: 'consumed',
        header: t('column.consumed'),
        align: 'right',
        priority: 3,
        cell: (row) => <Figure value={row.consumed} tone={row.consumed === 0 ? 'fg3' : 'fg2'} />,
      },
      {
        id: 'handled',
        header: t('column.handled'),
        align: 'right',
        priority: 3,
        cell: (row) => <Figure value={row.handled} tone={row.handled === 0 ? 'fg3' : 'fg2'} />,
      },
      {
        id: 'job',
        header: t('column.job'),
        priority: 2,
        cell: (row) =>
          row.lastJob ? (
            <>
              <ClusterLink className="link" href={`/jobs/${row.lastJob.id}`}>
                {t(`job.${row.lastJob.kind}` as 'job.redrive')}
              </ClusterLink>
              <span className="sub">
                <When at={row.lastJob.at} form="ago" />
              </span>
            </>
          ) : (
            <span className="fg3">{t('noJob')}</span>
          ),
      },
    ],
    [t, f],
  );
}

const TwoTimes = ({ at }: { at: number | null }) => (
  <>
    <When at={at} form="time" precision="minute" />
    {at === null ? null : (
      <span className="sub">
        <When at={at} form="ago" />
      </span>
    )}
  </>
);
