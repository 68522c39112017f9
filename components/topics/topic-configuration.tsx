'use client';
import { type Column, DataTable } from '@/components/shared/data-table';
import { Section } from '@/components/shared/page-header';
import { EmptyState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import type { TopicDetail } from '@/lib/contract/topics';
import { useT } from '@/lib/i18n/use-t';
import { permKey } from './perm-words';

export const TopicConfiguration = ({ topic }: { topic: TopicDetail }) => (
  <div className="col">
    <RouteTable topic={topic} />
    <ConfigTable topic={topic} />
  </div>
);

function RouteTable({ topic }: { topic: TopicDetail }) {
  const t = useT('topics');
  const f = useFormat();
  const columns: Column<TopicDetail['route'][number]>[] = [
    {
      id: 'broker',
      header: t('detail.route.broker'),
      isRowHeader: true,
      className: 'mono',
      cell: (row) => row.broker,
    },
    {
      id: 'address',
      header: t('detail.route.address'),
      className: 'mono',
      cell: (row) => row.address ?? <span className="warn">{t('detail.route.noMaster')}</span>,
    },
    {
      id: 'replicas',
      header: t('detail.route.replicas'),
      priority: 2,
      className: 'mono',
      cell: (row) =>
        row.replicas
          .filter(({ brokerId }) => brokerId !== 0)
          .map(({ address }) => address)
          .join(', ') || <span className="fg3">–</span>,
    },
    { id: 'perm', header: t('detail.route.perm'), cell: (row) => t(`detail.perms.${permKey(row.perm)}`) },
    {
      id: 'read',
      header: t('detail.route.read'),
      align: 'right',
      priority: 2,
      cell: (row) => f.count(row.readQueues),
    },
    {
      id: 'write',
      header: t('detail.route.write'),
      align: 'right',
      priority: 2,
      cell: (row) => f.count(row.writeQueues),
    },
  ];
  return (
    <Section className="bare-sec" title={t('detail.route.title')} note={t('detail.route.note')}>
      <DataTable
        keys={false}
        caption={t('detail.route.caption', { topic: topic.topic })}
        columns={columns}
        rows={topic.route}
        rowKey={(row) => row.broker}
        empty={
          <EmptyState icon="broker" title={t('detail.route.empty')}>
            {t('detail.route.emptyText')}
          </EmptyState>
        }
      />
    </Section>
  );
}

function ConfigTable({ topic }: { topic: TopicDetail }) {
  const t = useT('topics');
  const keys = [...new Set(topic.config.flatMap(({ values }) => Object.keys(values)))];
  const differing = new Set(topic.differs);
  const columns: Column<string>[] = [
    {
      id: 'key',
      header: t('detail.configTable.key'),
      isRowHeader: true,
      className: 'mono',
      cell: (key) => (
        <>
          {key} {differing.has(key) ? <span className="tag warn">{t('detail.configTable.differs')}</span> : null}
        </>
      ),
    },
    ...topic.config.map(
      ({ broker, values }): Column<string> => ({
        id: broker,
        header: <span className="mono">{broker}</span>,
        className: 'mono',
        cell: (key) => (
          <span className={differing.has(key) ? 'warn' : undefined}>
            {values[key] ?? <span className="fg3">–</span>}
          </span>
        ),
      }),
    ),
  ];
  return (
    <Section
      className="bare-sec"
      title={t('detail.configTable.title')}
      note={differing.size === 0 ? t('detail.configTable.allSame') : t('detail.configTable.note')}
    >
      <DataTable
        caption={t('detail.configTable.caption', { topic: topic.topic })}
        columns={columns}
        rows={keys}
        rowKey={(key) => key}
      />
    </Section>
  );
}
