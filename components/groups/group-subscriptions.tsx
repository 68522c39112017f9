'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { type Column, DataTable } from '@/components/shared/data-table';
import { EmptyState } from '@/components/shared/states';
import { useUnknownReason } from '@/components/shared/wire-figure';
import type { GroupDetail } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';

type Row = GroupDetail['subscriptions'][number];

export function GroupSubscriptions({ group }: { group: GroupDetail }) {
  const t = useT('groups');
  const reason = useUnknownReason();
  const columns: Column<Row>[] = [
    {
      id: 'topic',
      header: t('detail.subTable.topic'),
      isRowHeader: true,
      className: 'fw5',
      cell: (row) => (
        <ClusterLink href="/topics/detail" params={{ topic: row.topic }}>
          {row.topic}
        </ClusterLink>
      ),
    },
    {
      id: 'expression',
      header: t('detail.subTable.expression'),
      className: 'clip',
      cell: (row) => (
        <>
          <code>{row.expression || '*'}</code>{' '}
          {row.expression === '*' || row.expression === '' ? (
            <span className="fg3 small">{t('detail.subTable.all')}</span>
          ) : null}
        </>
      ),
    },
    {
      id: 'type',
      header: t('detail.subTable.type'),
      priority: 2,
      cell: (row) => <span className="tag">{row.type}</span>,
    },
  ];
  return (
    <DataTable
      caption={t('detail.subTable.caption', { group: group.group })}
      columns={columns}
      rows={group.subscriptions}
      rowKey={(row) => `${row.topic} ${row.expression}`}
      empty={
        <EmptyState icon="topics" title={t('detail.subEmpty.title')}>
          {group.membersKnown
            ? t('detail.subEmpty.text')
            : t('detail.subEmpty.unknown', { reason: reason(group.unknown?.members) ?? '' })}
        </EmptyState>
      }
    />
  );
}
