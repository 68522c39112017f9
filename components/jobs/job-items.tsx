'use client';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import { type Column, DataTable } from '@/components/shared/data-table';
import { EmptyState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { useList } from '@/components/shared/use-list';
import { When } from '@/components/shared/when';
import { Segmented } from '@/components/ui/segmented';
import type { JobDetail, JobItem, JobItemsReply } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { OutcomeWordOf } from './job-words';
import { exceptionsOf, outcomeAt } from './outcome-looks';
import { jobParams } from './search-params';
import { useEvidence } from './use-evidence';
import { useItemName } from './use-item-name';

const ItemDrawer = dynamic(() => import('./item-drawer').then((m) => m.ItemDrawer), { ssr: false });

type Props = {
  job: JobDetail;
  pages: UseInfiniteQueryResult<InfiniteData<JobItemsReply>>;
  only: 'exceptions' | 'all';
};

/** What the job did, one by one, each with what proves it. */
export function JobItems({ job, pages, only }: Props) {
  const t = useT('jobs');
  const f = useFormat();
  const [, setItems] = useQueryState('items', jobParams.items);
  const [open, setOpen] = useQueryState('item', jobParams.item);
  const { head, rows, table } = useList(pages);
  const total = head?.total;
  const columns = useItemColumns(job);
  const openIndex = rows?.findIndex(({ n }) => String(n) === open) ?? -1;
  const openItem = rows?.[openIndex];
  const show = (index: number) => {
    const item = rows?.[index];
    return item ? () => void setOpen(String(item.n)) : undefined;
  };
  return (
    <div className="min-w-0">
      <div className="bar mb8">
        <h2 className="fw5">{t(`itemsTitle.${job.kind}`)}</h2>
        <Segmented
          label={t('itemsShown')}
          value={only}
          onChange={(value) => void setItems(value)}
          options={[
            { value: 'exceptions', label: t('onlyExceptions', { count: f.count(exceptionsOf(job.outcomes)) }) },
            { value: 'all', label: t('allItems', { count: f.count(job.total) }) },
          ]}
        />
      </div>
      <DataTable
        {...table}
        caption={t('itemsCaption')}
        columns={columns}
        rowKey={({ n }) => String(n)}
        onOpen={({ n }) => void setOpen(String(n))}
        openKey={open}
        tight
        empty={
          <EmptyState icon="consumed" title={only === 'exceptions' ? t('noExceptions') : t('noItems')}>
            {only === 'exceptions' ? t('noExceptionsWhy') : t('noItemsWhy')}
          </EmptyState>
        }
        footer={{ total }}
      />
      {openItem ? (
        <ItemDrawer
          job={job}
          item={openItem}
          position={{ index: openIndex + 1, total: total ?? rows?.length ?? 0 }}
          onPrevious={show(openIndex - 1)}
          onNext={show(openIndex + 1)}
          onClose={() => void setOpen(null)}
        />
      ) : null}
    </div>
  );
}

function useItemColumns(job: JobDetail): Column<JobItem>[] {
  const t = useT('jobs');
  const f = useFormat();
  const evidence = useEvidence();
  const name = useItemName();
  return useMemo(
    () => [
      {
        id: 'n',
        header: t('items.n'),
        align: 'right',
        priority: 2,
        cell: ({ n }) => <span className="fg3">{f.count(n + 1)}</span>,
      },
      {
        id: 'state',
        header: t('items.outcome'),
        cell: ({ state }) => <OutcomeWordOf name={outcomeAt(job.state, state)} />,
      },
      {
        id: 'label',
        header: t(`items.what.${job.kind}`),
        isRowHeader: true,
        className: job.kind === 'purge' ? 'ell max-w-[340px]' : 'mono ell max-w-[260px]',
        cell: (item) => <span data-tip={item.label}>{name(job.kind, item)}</span>,
      },
      {
        id: 'attempts',
        header: t('items.tries'),
        align: 'right',
        priority: 3,
        cell: ({ attempts }) => f.count(attempts),
      },
      {
        id: 'evidence',
        header: t('items.evidence'),
        priority: 2,
        className: 'clip fg2',
        cell: (item) => {
          const text = evidence(job, item);
          return <span data-tip={text}>{text}</span>;
        },
      },
      {
        id: 'at',
        header: t('items.at'),
        align: 'right',
        priority: 3,
        cell: (item) => <When at={lastMoment(item)} form="time" />,
      },
      ...(job.kind === 'redrive'
        ? [
            {
              id: 'trace',
              header: <span className="sr">{t('items.trace')}</span>,
              align: 'right' as const,
              phone: false as const,
              cell: ({ link, evidence: { earlierJob } }: JobItem) => (
                <>
                  {typeof earlierJob === 'string' ? (
                    <ClusterLink className="link small" href={`/jobs/${earlierJob}`}>
                      {t('items.earlierJob')}
                    </ClusterLink>
                  ) : null}{' '}
                  {link ? (
                    <ClusterLink className="link small" href={link}>
                      {t('items.trace')}
                    </ClusterLink>
                  ) : null}
                </>
              ),
            },
          ]
        : []),
    ],
    [t, f, evidence, name, job],
  );
}

const MOMENTS = [
  'movingAt',
  'pickedUpAt',
  'verifiedAt',
  'endedAt',
  'writtenAt',
  'sentAt',
  'intentAt',
  'startedAt',
] as const;
function lastMoment({ evidence }: JobItem): number | null {
  const moments = MOMENTS.map((name) => evidence[name]).filter((at) => typeof at === 'number');
  return moments.length > 0 ? Math.max(...moments) : null;
}
