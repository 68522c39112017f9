'use client';
import { useMemo } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { Column } from '@/components/shared/data-table';
import { Figure } from '@/components/shared/figure';
import type { RetriesReply } from '@/lib/contract/messages';
import { useT } from '@/lib/i18n/use-t';
import { Countdown } from './countdown';

type Row = RetriesReply['groups'][number];

export function useGroupColumns({ isComplete, partial }: { isComplete: boolean; partial: boolean }): Column<Row>[] {
  const t = useT('retries');
  return useMemo(
    () => [
      {
        id: 'group',
        header: t('column.group'),
        isRowHeader: true,
        cell: (row) => (
          <ClusterLink className="nm" href="/retries" params={{ group: row.group }}>
            {row.group}
          </ClusterLink>
        ),
      },
      {
        id: 'waiting',
        header: t('column.waiting'),
        align: 'right',
        cell: (row) =>
          isComplete || row.waiting === null ? (
            <Figure value={row.waiting} reason={t('notRead')} partial={partial && row.waiting !== null} strong />
          ) : (
            <span data-tip={t('atLeast')}>
              ≥ <Figure value={row.waiting} strong />
            </span>
          ),
      },
      {
        id: 'due',
        header: t('column.due'),
        align: 'right',
        cell: (row) => (
          <Figure
            value={row.due}
            reason={t('notRead')}
            partial={partial && row.due !== null}
            tone={row.due === 0 ? 'fg3' : row.due === null ? undefined : 'warn'}
          />
        ),
      },
      {
        id: 'next',
        header: t('column.next'),
        align: 'right',
        phone: false,
        cell: (row) => <Countdown at={row.nextDueAt} />,
      },
      {
        id: 'attempts',
        header: t('column.max'),
        align: 'right',
        priority: 2,
        cell: (row) => <Figure value={row.maxAttempts} reason={t('notRead')} tone="fg2" />,
      },
      {
        id: 'dead',
        header: t('column.dead'),
        align: 'right',
        priority: 2,
        cell: (row) =>
          row.deadLetters ? (
            <ClusterLink className="link" href="/dead-letters/group" params={{ group: row.group }}>
              <Figure value={row.deadLetters} />
            </ClusterLink>
          ) : (
            <Figure value={row.deadLetters} reason={t('notRead')} tone="fg3" />
          ),
      },
    ],
    [t, isComplete, partial],
  );
}
