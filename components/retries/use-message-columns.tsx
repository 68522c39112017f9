'use client';
import { useMemo } from 'react';
import type { Column } from '@/components/shared/data-table';
import { Status } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { RetryMessage } from '@/lib/contract/messages';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { Countdown } from './countdown';

export function RetryWord({ message, chip = false }: { message: RetryMessage; chip?: boolean }) {
  const t = useT('retries');
  return message.where === 'due' ? (
    <Status tone="warn" icon="waiting" chip={chip} because={t('dueMeans')}>
      {t('due')}
    </Status>
  ) : (
    <Status tone="mute" icon="waiting" chip={chip} because={t('waitingMeans')}>
      {t('waiting')}
    </Status>
  );
}

export function useMessageColumns(): Column<RetryMessage>[] {
  const t = useT('retries');
  const f = useFormat();
  return useMemo(
    () => [
      { id: 'where', header: t('column.state'), cell: (row) => <RetryWord message={row} /> },
      {
        id: 'due',
        header: t('column.dueIn'),
        align: 'right',
        cell: (row) => (row.where === 'due' ? <span className="warn">{t('now')}</span> : <Countdown at={row.dueAt} />),
      },
      {
        id: 'attempt',
        header: t('column.attempt'),
        align: 'right',
        cell: (row) => (
          <span className={row.maxAttempts !== null && row.attempt >= row.maxAttempts ? 'n crit' : 'n'}>
            {row.maxAttempts === null
              ? f.count(row.attempt)
              : t('ofMax', { attempt: f.count(row.attempt), max: f.count(row.maxAttempts) })}
          </span>
        ),
      },
      {
        id: 'key',
        header: t('column.key'),
        isRowHeader: true,
        className: 'mono',
        cell: (row) =>
          row.keys[0] ?? (
            <span className="fg2" data-tip={row.uniqKey ?? row.id}>
              {row.uniqKey ? shortId(row.uniqKey) : row.id}
            </span>
          ),
      },
      {
        id: 'tag',
        header: t('column.tag'),
        phone: false,
        cell: (row) => (row.tag ? <span className="fg2">{row.tag}</span> : <span className="fg3">{t('noTag')}</span>),
      },
      {
        id: 'cause',
        header: t('column.cause'),
        priority: 2,
        className: 'clip',
        cell: (row) =>
          row.cause ? (
            <span data-tip={`${row.cause.property}: ${row.cause.text}`}>{row.cause.text}</span>
          ) : (
            <span className="fg3">{t('noCause')}</span>
          ),
      },
      {
        id: 'origin',
        header: t('column.origin'),
        priority: 3,
        cell: (row) => <span className="fg2">{row.originTopic ?? <span className="unk">{t('unknown')}</span>}</span>,
      },
      {
        id: 'failed',
        header: t('column.failedAt'),
        align: 'right',
        priority: 2,
        cell: (row) => <When at={row.storedAt} form="time" />,
      },
      {
        id: 'broker',
        header: t('column.broker'),
        priority: 3,
        cell: (row) => <span className="fg2">{row.broker}</span>,
      },
    ],
    [t, f],
  );
}
