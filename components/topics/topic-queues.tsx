'use client';
import { type Column, DataTable } from '@/components/shared/data-table';
import { Unknown } from '@/components/shared/figure';
import { EmptyState } from '@/components/shared/states';
import { When } from '@/components/shared/when';
import { useUnknownReason, WireFigure } from '@/components/shared/wire-figure';
import type { TopicDetail } from '@/lib/contract/topics';
import { useT } from '@/lib/i18n/use-t';

type Row = TopicDetail['queues'][number];

export function TopicQueues({ topic }: { topic: TopicDetail }) {
  const t = useT('topics');
  const reason = useUnknownReason();
  const columns: Column<Row>[] = [
    {
      id: 'queue',
      header: t('detail.queueTable.queue'),
      isRowHeader: true,
      className: 'mono',
      cell: (row) => `${row.broker}/${row.queueId}`,
    },
    {
      id: 'min',
      header: t('detail.queueTable.min'),
      align: 'right',
      priority: 2,
      className: 'mono',
      cell: (row) => <WireFigure of={row} field="minOffset" />,
    },
    {
      id: 'max',
      header: t('detail.queueTable.max'),
      align: 'right',
      className: 'mono',
      cell: (row) => <WireFigure of={row} field="maxOffset" />,
    },
    {
      id: 'kept',
      header: t('detail.queueTable.kept'),
      align: 'right',
      cell: (row) => <WireFigure of={row} field="kept" tone={row.kept === 0 ? 'fg3' : undefined} />,
    },
    {
      id: 'last',
      header: t('detail.queueTable.last'),
      align: 'right',
      priority: 2,
      cell: (row) =>
        row.lastStoredAt !== null ? (
          <When at={row.lastStoredAt} />
        ) : row.kept === null ? (
          <Unknown reason={reason(row.unknown?.kept)} />
        ) : (
          <span className="fg3">{t('never')}</span>
        ),
    },
  ];
  return (
    <DataTable
      fill
      caption={t('detail.queueTable.caption', { topic: topic.topic })}
      columns={columns}
      rows={topic.queues}
      rowKey={(row) => `${row.broker}/${row.queueId}`}
      footer={{ total: topic.queues.length, failures: topic.failures }}
      empty={
        <EmptyState icon="broker" title={t('detail.queueTable.empty')}>
          {t('detail.queueTable.emptyText')}
        </EmptyState>
      }
    />
  );
}
