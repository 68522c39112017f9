'use client';
import { useRouter } from 'next/navigation';
import { ClusterLink, useHref } from '@/components/shared/cluster-link';
import { type Column, DataTable } from '@/components/shared/data-table';
import { EmptyState } from '@/components/shared/states';
import { GroupStatusWord } from '@/components/shared/status-word';
import { WireFigure } from '@/components/shared/wire-figure';
import type { TopicDetail } from '@/lib/contract/topics';
import { useT } from '@/lib/i18n/use-t';

type Row = TopicDetail['groups'][number];

/** Who reads it, worst first, and the way to move one of them on this topic. */
export function TopicGroups({ topic }: { topic: TopicDetail }) {
  const t = useT('topics');
  const router = useRouter();
  const href = useHref();
  const columns: Column<Row>[] = [
    { id: 'status', header: t('detail.groups.status'), cell: (row) => <GroupStatusWord status={row.status} /> },
    {
      id: 'group',
      header: t('detail.groups.group'),
      isRowHeader: true,
      className: 'fw5',
      cell: (row) => (
        <ClusterLink className="nm" href="/groups/detail" params={{ group: row.group }}>
          {row.group}
        </ClusterLink>
      ),
    },
    {
      id: 'lag',
      header: t('detail.groups.lag'),
      align: 'right',
      cell: (row) => <WireFigure of={row} field="lag" tone={row.lag === 0 ? 'fg3' : undefined} />,
    },
    {
      id: 'out',
      header: t('detail.groups.out'),
      align: 'right',
      priority: 2,
      cell: (row) => <WireFigure of={row} field="outPerS" as="rate" tone={row.outPerS === 0 ? 'fg3' : undefined} />,
    },
    {
      id: 'dead',
      header: t('detail.groups.dead'),
      align: 'right',
      priority: 2,
      cell: (row) => <WireFigure of={row} field="deadLetters" tone={row.deadLetters === 0 ? 'fg3' : undefined} />,
    },
    {
      id: 'members',
      header: t('detail.groups.members'),
      align: 'right',
      priority: 2,
      cell: (row) => <WireFigure of={row} field="members" tone={row.status === 'NO_MEMBERS' ? 'crit' : undefined} />,
    },
    {
      id: 'reset',
      header: <span className="sr">{t('detail.groups.reset')}</span>,
      align: 'right',
      priority: 2,
      cell: (row) => (
        <ClusterLink className="link small" href="/offsets/reset" params={{ group: row.group, topic: topic.topic }}>
          {t('detail.groups.reset')}
        </ClusterLink>
      ),
    },
  ];
  return (
    <DataTable
      caption={t('detail.groups.caption', { topic: topic.topic })}
      columns={columns}
      rows={topic.groups}
      rowKey={(row) => row.group}
      onOpen={(row) => router.push(href('/groups/detail', { group: row.group }))}
      empty={
        <EmptyState icon="groups" title={t('detail.groups.empty')}>
          {t('detail.groups.emptyText')}
        </EmptyState>
      }
    />
  );
}
