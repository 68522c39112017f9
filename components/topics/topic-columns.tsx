'use client';
import { useMemo } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { Column } from '@/components/shared/data-table';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import { WireFigure } from '@/components/shared/wire-figure';
import type { TopicRow } from '@/lib/contract/topics';
import { useT } from '@/lib/i18n/use-t';

export function useTopicColumns(): Column<TopicRow>[] {
  const t = useT('topics');
  const f = useFormat();
  return useMemo(
    () => [
      {
        id: 'topic',
        header: t('columns.topic'),
        sort: 'topic',
        isRowHeader: true,
        className: 'fw5',
        cell: (row) => (
          <ClusterLink className="nm" href="/topics/detail" params={{ topic: row.topic }}>
            {row.topic}
          </ClusterLink>
        ),
      },
      {
        id: 'type',
        header: t('columns.type'),
        sort: 'type',
        priority: 2,
        cell: (row) => <span className="tag">{row.type}</span>,
      },
      {
        id: 'queues',
        header: t('columns.queues'),
        sort: 'queues',
        align: 'right',
        priority: 3,
        cell: (row) => f.count(row.queues),
      },
      {
        id: 'brokers',
        header: t('columns.brokers'),
        align: 'right',
        priority: 3,
        cell: (row) => (
          <span className="fg3" data-tip={row.brokers.join(', ')}>
            {f.count(row.brokers.length)}
          </span>
        ),
      },
      {
        id: 'kept',
        header: t('columns.kept'),
        sort: 'kept',
        align: 'right',
        priority: 2,
        cell: (row) => <WireFigure of={row} field="kept" tone={row.kept === 0 ? 'fg3' : undefined} />,
      },
      {
        id: 'groups',
        header: t('columns.groups'),
        sort: 'groups',
        align: 'right',
        priority: 2,
        cell: (row) => <span className={row.groups === 0 ? 'fg3' : undefined}>{f.count(row.groups)}</span>,
      },
      {
        id: 'worstLag',
        header: t('columns.worstLag'),
        sort: 'worstLag',
        align: 'right',
        cell: (row) =>
          row.groups === 0 && row.worstLag === 0 ? (
            <span className="fg3">–</span>
          ) : (
            <WireFigure of={row} field="worstLag" tone={row.worstLag === 0 ? 'fg3' : undefined} />
          ),
      },
      {
        id: 'worstGroup',
        header: t('columns.worstGroup'),
        priority: 3,
        cell: (row) =>
          row.groups === 0 ? (
            <span className="fg3">{t('noReader')}</span>
          ) : row.worstGroup ? (
            <ClusterLink className="fg2 hoverline nm" href="/groups/detail" params={{ group: row.worstGroup }}>
              {row.worstGroup}
            </ClusterLink>
          ) : null,
      },
      {
        id: 'lastStoredAt',
        header: t('columns.lastStoredAt'),
        sort: 'lastStoredAt',
        firstDirection: 'desc',
        align: 'right',
        priority: 3,
        cell: (row) =>
          row.lastStoredAt === null ? (
            <span className="fg3">{t('never')}</span>
          ) : (
            <When at={row.lastStoredAt} form="ago" />
          ),
      },
    ],
    [t, f],
  );
}
