'use client';
import { useMemo } from 'react';
import { type Column, DataTable } from '@/components/shared/data-table';
import { EmptyState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import type { LetterHit } from '@/lib/contract/letter-search';
import { useT } from '@/lib/i18n/use-t';
import { letterName, useLetterColumns } from './use-letter-columns';
import type { LetterSearch } from './use-letter-search';
import type { LetterSelection } from './use-letter-selection';

type Props = {
  group: string;
  /** The job of the group that is paused. */
  pausedJob: string | null;
  search: LetterSearch;
  selection: LetterSelection;
  openId: string | null;
  onOpen: (id: string) => void;
};

/** The letters that a search has found so far, as rows of the ledger. */
export function FoundTable({ group, pausedJob, search, selection, openId, onOpen }: Props) {
  const t = useT('dead-letters');
  const f = useFormat();
  const columns = useFoundColumns(group, pausedJob);
  const { hits, ended, progress, error } = search;
  const isComplete = ended === 'complete';
  const isAsked = progress !== null && ended !== 'refused';
  const rows = hits.length > 0 || isAsked ? hits : undefined;
  return (
    <DataTable
      caption={t('search.caption')}
      columns={columns}
      rows={rows}
      pending={rows === undefined}
      error={ended === 'refused' ? (error ?? { message: '' }) : null}
      errorTitle={t('search.refused')}
      onRetry={error?.code === 'invalid' ? undefined : search.again}
      rowKey={({ id }) => id}
      onOpen={({ id }) => onOpen(id)}
      openKey={openId}
      selection={{ selected: selection.ids, onChange: selection.setIds, name: letterName }}
      fill
      tight
      steady
      empty={
        <EmptyState icon="find" title={t(isComplete ? 'search.none' : 'search.noneYet')}>
          {t('search.noneOf', { n: progress?.read ?? 0, count: f.count(progress?.read ?? 0) })}
        </EmptyState>
      }
      footer={{
        total: isComplete ? hits.length : undefined,
        failures: progress?.failures,
        sortWords: t('ledger.newestFirst'),
      }}
    />
  );
}

/** What was found stands where the list says where a letter came from. */
function useFoundColumns(group: string, pausedJob: string | null): Column<LetterHit>[] {
  const t = useT('dead-letters');
  const columns = useLetterColumns({ group, pausedJob, newSince: null });
  return useMemo(() => {
    const match: Column<LetterHit> = {
      id: 'match',
      header: t('search.match'),
      className: 'clip half mono',
      priority: 2,
      cell: ({ match: { before, text, after } }) => (
        <span className="fg2" data-tip={before + text + after}>
          {before}
          <mark className="hit">{text}</mark>
          {after}
        </span>
      ),
    };
    return columns.map((column): Column<LetterHit> => {
      if (column.id === 'cause') return { ...column, className: 'clip half', priority: 3 };
      return column.id === 'origin' ? match : column;
    });
  }, [columns, t]);
}
