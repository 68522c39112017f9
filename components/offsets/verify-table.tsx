'use client';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { OutcomeWordOf } from '@/components/jobs/job-words';
import { type Column, DataTable } from '@/components/shared/data-table';
import { Unknown } from '@/components/shared/figure';
import { useCause } from '@/components/shared/use-cause';
import { useFormat } from '@/components/shared/use-format';
import { useUnknownReason } from '@/components/shared/wire-figure';
import { Icon } from '@/components/ui/icon';
import type { JobItem, JobItemsReply } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';

const MARKS = ['writtenAt', 'pickedUpAt', 'movingAt'] as const;

/** What became of each queue, as read back from the broker. */
export function VerifyTable({
  items,
  moving,
}: {
  items: UseInfiniteQueryResult<InfiniteData<JobItemsReply>>;
  moving: boolean;
}) {
  const t = useT('offsets');
  const rows = items.data?.pages.flatMap((page) => page.items);
  const columns = useVerifyColumns();
  return (
    <div className="mb12">
      <DataTable
        caption={t('verifyCaption')}
        columns={columns}
        rows={rows}
        rowKey={({ n }) => String(n)}
        pending={items.isPending}
        error={items.error}
        onRetry={() => void items.refetch()}
        tight
        keys={false}
        onLoadMore={items.hasNextPage ? () => void items.fetchNextPage() : undefined}
        loadingMore={items.isFetchingNextPage}
        footer={{
          total: items.data?.pages.at(-1)?.total,
          note: <span className="hide-m">{moving ? t('checkedWhen') : t('checkedDone')}</span>,
        }}
      />
    </div>
  );
}

function useVerifyColumns(): Column<JobItem>[] {
  const t = useT('offsets');
  const f = useFormat();
  const reason = useUnknownReason();
  const causeOf = useCause();
  return useMemo(() => {
    const figure = (value: unknown) =>
      typeof value === 'number' ? f.count(value) : <Unknown reason={reason('not_read')} />;
    return [
      { id: 'result', header: t('result'), cell: ({ state }) => <OutcomeWordOf name={state} /> },
      {
        id: 'queue',
        header: t('queue'),
        isRowHeader: true,
        className: 'mono',
        cell: ({ evidence }) => `${evidence.broker}/${evidence.queueId}`,
      },
      {
        id: 'verified',
        header: t('verified'),
        priority: 2,
        cell: ({ evidence }) => (
          <span className="flex">
            {MARKS.map((mark) => {
              const at = evidence[mark];
              const isDone = typeof at === 'number';
              return (
                <span key={mark} className={`vs${isDone ? '' : ' fg3'}`}>
                  <Icon name={isDone ? 'consumed' : 'waiting'} size={12} className={isDone ? '' : 'fg3'} />
                  {t(`marks.${mark}`)}
                  {isDone ? <span className="fg3">{f.time(at)}</span> : null}
                </span>
              );
            })}
          </span>
        ),
      },
      {
        id: 'before',
        header: t('offsetBefore'),
        align: 'right',
        priority: 3,
        className: 'mono fg3',
        cell: ({ evidence }) =>
          evidence.committedBefore === null ? (
            <Unknown reason={reason('no_offset')} />
          ) : (
            figure(evidence.committedBefore)
          ),
      },
      {
        id: 'target',
        header: t('offsetNew'),
        align: 'right',
        className: 'mono',
        cell: ({ evidence }) => figure(evidence.targetOffset),
      },
      {
        id: 'now',
        header: t('offsetRead'),
        align: 'right',
        className: 'mono',
        cell: ({ evidence }) => figure(evidence.nowOffset),
      },
      {
        id: 'note',
        header: t('note'),
        priority: 2,
        className: 'clip fg2 small',
        cell: ({ evidence }) => {
          const path = `reset_result.${evidence.result}` as never;
          const remark = causeOf(evidence.cause, evidence)?.text ?? evidence.remark;
          const text = [evidence.result === null ? '' : t.has(path) ? t(path) : evidence.result, remark]
            .filter(Boolean)
            .join('; ');
          return <span data-tip={text || undefined}>{text}</span>;
        },
      },
    ];
  }, [t, f, reason, causeOf]);
}
