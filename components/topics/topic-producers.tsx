'use client';
import { useQuery } from '@tanstack/react-query';
import { languageName } from '@/components/groups/client-name';
import { PartialBanner } from '@/components/shared/banner';
import { type Column, DataTable } from '@/components/shared/data-table';
import { Section } from '@/components/shared/page-header';
import { EmptyState, ErrorState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import { Skeleton } from '@/components/ui/skeleton';
import type { TopicProducers as Reply } from '@/lib/contract/topics';
import { useT } from '@/lib/i18n/use-t';
import { topicProducersQuery } from '@/lib/queries/topics';

type Row = Reply['producers'][number];

/** Read when the tab is opened: a pull of one message per queue. */
export function TopicProducers({ input }: { input: { cluster?: string | undefined; topic: string } }) {
  const t = useT('topics');
  const f = useFormat();
  const query = useQuery(topicProducersQuery(input));
  const retry = () => void query.refetch();
  const { data } = query;
  if (!data)
    return query.error ? (
      <ErrorState error={query.error} title={t('detail.producers.failed')} onRetry={retry} />
    ) : (
      <Skeleton width={180} />
    );
  const columns: Column<Row>[] = [
    {
      id: 'client',
      header: t('detail.producers.client'),
      isRowHeader: true,
      className: 'mono',
      cell: (row) => row.clientId ?? <span className="fg3">{t('detail.producers.gone')}</span>,
    },
    {
      id: 'group',
      header: t('detail.producers.group'),
      cell: (row) => row.group ?? <span className="fg3">–</span>,
    },
    {
      id: 'address',
      header: t('detail.producers.address'),
      className: 'mono',
      priority: 2,
      cell: (row) => row.address,
    },
    {
      id: 'language',
      header: t('detail.producers.language'),
      priority: 3,
      cell: (row) => (row.language === null ? <span className="fg3">–</span> : languageName(row.language)),
    },
    {
      id: 'queues',
      header: t('detail.producers.queues'),
      align: 'right',
      phone: false,
      cell: (row) => f.count(row.queues),
    },
    {
      id: 'last',
      header: t('detail.producers.last'),
      align: 'right',
      cell: (row) => <When at={row.lastStoredAt} form="ago" />,
    },
  ];
  return (
    <>
      <PartialBanner failures={data.failures} onRetry={retry} />
      <Section
        className="bare-sec"
        title={t('detail.producers.title')}
        note={t('detail.producers.note', { n: data.queues, count: f.count(data.queues) })}
      >
        <DataTable
          caption={t('detail.producers.caption', { topic: data.topic })}
          columns={columns}
          rows={data.producers}
          rowKey={(row) => `${row.group} ${row.clientId ?? row.address}`}
          empty={
            <EmptyState icon="topics" title={t('detail.producers.empty')}>
              {t('detail.producers.emptyText')}
            </EmptyState>
          }
        />
      </Section>
    </>
  );
}
