'use client';
import type { ReactNode } from 'react';
import { DataTable } from '@/components/shared/data-table';
import { EmptyState, type ErrorLike, NoMatchState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import type { LetterRow, LettersReply } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';
import type { LetterFilter } from './search-params';
import { letterName, useLetterColumns } from './use-letter-columns';
import { type LetterSelection, MAX_SELECTED } from './use-letter-selection';

type Pages = {
  isPending: boolean;
  error: ErrorLike | null;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
};
type Props = {
  query: Pages;
  rows: readonly LetterRow[] | undefined;
  reply: LettersReply | undefined;
  filter: LetterFilter;
  selection: LetterSelection;
  openId: string | null;
  onOpen: (id: string) => void;
  onClearFilter: () => void;
};

export function LedgerTable({ query, rows, reply, filter, selection, openId, onOpen, onClearFilter }: Props) {
  const t = useT('dead-letters');
  const columns = useLetterColumns();
  const { setIds, setAll } = selection;
  const total = reply?.total ?? 0;
  const failures = reply?.failures;
  return (
    <DataTable
      caption={t('ledger.caption')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      onOpen={(row) => onOpen(row.id)}
      openKey={openId}
      selection={{
        selected: selection.isAll ? new Set(rows?.map(({ id }) => id)) : selection.ids,
        onChange: (ids) => {
          setAll(false);
          setIds(ids);
        },
        name: letterName,
        matching:
          filter === 'all' && total <= MAX_SELECTED ? { total, isOn: selection.isAll, onToggle: setAll } : undefined,
      }}
      pending={query.isPending}
      error={query.error}
      errorTitle={t('ledger.unreadable')}
      onRetry={() => void query.refetch()}
      lastGoodAt={reply?.asOf}
      fill
      tight
      empty={
        reply ? <Nothing reply={reply} filter={filter} hasMore={query.hasNextPage} onClear={onClearFilter} /> : null
      }
      onLoadMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
      loadingMore={query.isFetchingNextPage}
      footer={{
        total: filter === 'all' ? reply?.total : undefined,
        failures,
        sortWords: t('ledger.newestFirst'),
      }}
    />
  );
}

function Nothing({
  reply,
  filter,
  hasMore,
  onClear,
}: {
  reply: LettersReply;
  filter: LetterFilter;
  hasMore: boolean;
  onClear: () => void;
}): ReactNode {
  const t = useT('dead-letters');
  const f = useFormat();
  const brokers = reply.perBroker.map(({ broker }) => broker).join(', ');
  if (reply.total > 0 && filter !== 'all' && hasMore)
    return (
      <EmptyState icon="filter" title={t('ledger.noneYet')}>
        {t('ledger.noneYetHow')}
      </EmptyState>
    );
  if (reply.total > 0 && filter !== 'all') return <NoMatchState total={reply.total} onClear={onClear} />;
  if (reply.failures.length > 0)
    return (
      <EmptyState icon="unknown" title={t('ledger.nonePartial')}>
        {t('ledger.emptyPartial', { brokers: [...new Set(reply.failures.map(({ broker }) => broker))].join(', ') })}
      </EmptyState>
    );
  return (
    <EmptyState title={t('ledger.none')}>
      {reply.perBroker.length === 0
        ? t('ledger.emptyNoTopic', { topic: reply.topic, time: f.when(reply.asOf) })
        : t('ledger.emptyHow', { topic: reply.topic, brokers, time: f.when(reply.asOf) })}
    </EmptyState>
  );
}
