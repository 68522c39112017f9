'use client';
import type { ReactNode } from 'react';
import { brokerNames } from '@/components/shared/broker-names';
import { DataTable } from '@/components/shared/data-table';
import { EmptyState, NoMatchState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import type { List } from '@/components/shared/use-list';
import type { LetterRow, LettersReply } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';
import { letterName, useLetterColumns } from './use-letter-columns';
import type { LetterSelection } from './use-letter-selection';

type Props = {
  list: List<LetterRow>;
  reply: LettersReply | undefined;
  /** The job of the group that is paused. */
  pausedJob: string | null;
  isFiltered: boolean;
  /** Letters that died later are new to whoever looks. */
  newSince: number | null;
  selection: LetterSelection;
  openId: string | null;
  onOpen: (id: string) => void;
  onClearFilter: () => void;
  onTag: (tag: string) => void;
};

export function LedgerTable({
  list,
  reply,
  pausedJob,
  isFiltered,
  newSince,
  selection,
  openId,
  onOpen,
  onClearFilter,
  onTag,
}: Props) {
  const t = useT('dead-letters');
  const columns = useLetterColumns({ group: reply?.group ?? '', pausedJob, newSince, onTag });
  const { setIds, setAll } = selection;
  const total = (isFiltered ? reply?.matching : reply?.total) ?? 0;
  const failures = reply?.failures;
  return (
    <DataTable
      {...list.table}
      caption={t('ledger.caption')}
      columns={columns}
      rowKey={(row) => row.id}
      onOpen={(row) => onOpen(row.id)}
      openKey={openId}
      selection={{
        selected: selection.isAll ? new Set(list.rows?.map(({ id }) => id)) : selection.ids,
        onChange: (ids) => {
          setAll(false);
          setIds(ids);
        },
        name: letterName,
        matching: { total, isOn: selection.isAll, onToggle: setAll },
      }}
      errorTitle={t('ledger.unreadable')}
      fill
      tight
      steady
      empty={
        reply ? (
          <Nothing
            reply={reply}
            isFiltered={isFiltered}
            hasMore={list.table.onLoadMore !== undefined}
            onClear={onClearFilter}
          />
        ) : null
      }
      footer={{
        total: isFiltered ? reply?.matching : reply?.total,
        failures,
        sortWords: t('ledger.newestFirst'),
      }}
    />
  );
}

function Nothing({
  reply,
  isFiltered,
  hasMore,
  onClear,
}: {
  reply: LettersReply;
  isFiltered: boolean;
  hasMore: boolean;
  onClear: () => void;
}): ReactNode {
  const t = useT('dead-letters');
  const f = useFormat();
  const brokers = reply.perBroker.map(({ broker }) => broker).join(', ');
  if (reply.total > 0 && isFiltered && hasMore)
    return (
      <EmptyState icon="filter" title={t('ledger.noneYet')}>
        {t('ledger.noneYetHow')}
      </EmptyState>
    );
  if (reply.total > 0 && isFiltered) return <NoMatchState total={reply.total} onClear={onClear} />;
  if (reply.failures.length > 0)
    return (
      <EmptyState icon="unknown" title={t('ledger.nonePartial')}>
        {t('ledger.emptyPartial', { brokers: brokerNames(reply.failures) })}
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
