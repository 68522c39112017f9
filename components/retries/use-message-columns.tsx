'use client';
import { useMemo } from 'react';
import { CauseCell, IdCell, OriginCell, TagCell } from '@/components/messages/message-cells';
import type { Column } from '@/components/shared/data-table';
import { Status } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { RetryMessage } from '@/lib/contract/messages';
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
        cell: (row) => row.keys[0] ?? <IdCell uniqKey={row.uniqKey} id={row.id} />,
      },
      {
        id: 'tag',
        header: t('column.tag'),
        phone: false,
        cell: (row) => <TagCell tag={row.tag} />,
      },
      {
        id: 'cause',
        header: t('column.cause'),
        priority: 2,
        className: 'clip',
        cell: (row) => <CauseCell cause={row.cause} masked={row.masked} />,
      },
      {
        id: 'origin',
        header: t('column.origin'),
        priority: 3,
        cell: (row) => <OriginCell topic={row.originTopic} />,
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
