'use client';
import { useMemo } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { Column } from '@/components/shared/data-table';
import { Figure } from '@/components/shared/figure';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { DeadLetterGroupRow } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';
import { TimeLeft } from './expiry';
import { HandledShare } from './handled-share';

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
            <span className="sub mono">%DLQ%{row.group}</span>
          </>
        ),
      },
      {
        id: 'count',
        header: t('column.count'),
        align: 'right',
        sort: 'count',
        cell: (row) => (
          <Figure
            value={row.count}
            reason={row.unknown?.count}
            partial={row.count !== null && row.unknown?.count !== undefined}
            strong
          />
        ),
      },
      {
        id: 'handled',
        header: t('column.handled'),
        align: 'right',
        priority: 2,
        cell: (row) => <Figure value={row.handled} tone={row.handled === 0 ? 'fg3' : 'fg2'} />,
      },
      {
        id: 'ledger',
        header: t('column.ledger'),
        priority: 3,
        cell: (row) => <HandledShare total={row.count} handled={row.handled} />,
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
        id: 'oldest',
        header: t('column.oldest'),
        align: 'right',
        priority: 3,
        sort: 'oldestAt',
        cell: (row) => <TwoTimes at={row.oldestAt} />,
      },
      {
        id: 'expires',
        header: t('column.expires'),
        align: 'right',
        sort: 'expiresAt',
        firstDirection: 'asc',
        cell: (row) => <TimeLeft at={row.expiresAt} withTime />,
      },
      {
        id: 'brokers',
        header: t('column.brokers'),
        priority: 3,
        cell: (row) => (
          <span className="fg2 small">
            {row.perBroker
              .map(({ broker, minOffset, maxOffset }) => `${broker} ${f.count(maxOffset - minOffset)}`)
              .join(', ')}
          </span>
        ),
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
