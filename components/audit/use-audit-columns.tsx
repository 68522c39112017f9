'use client';
import { useMemo } from 'react';
import type { Column } from '@/components/shared/data-table';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { AuditRow } from '@/lib/contract/audit';
import { useT } from '@/lib/i18n/use-t';
import { AuditOutcomeWord, useActionWord, useDetail } from './audit-words';

const DAY_MS = 24 * 3_600_000;

export function useAuditColumns(): Column<AuditRow>[] {
  const t = useT('audit');
  const action = useActionWord();
  const detail = useDetail();
  const { now } = useFormat();
  return useMemo(
    () => [
      {
        id: 'when',
        header: t('columns.when'),
        cell: ({ at }) => <When at={at} form="time" precision={now - at > DAY_MS ? 'minute' : 'second'} />,
      },
      {
        id: 'who',
        header: t('columns.who'),
        phone: false,
        className: 'ell max-w-[160px]',
        cell: ({ actor }) => (
          <span className="fw5" data-tip={actor.id}>
            {actor.name}
          </span>
        ),
      },
      {
        id: 'action',
        header: t('columns.action'),
        isRowHeader: true,
        className: 'nowrap',
        cell: (row) => <span data-tip={row.action}>{action(row.action)}</span>,
      },
      {
        id: 'on',
        header: t('columns.on'),
        phone: false,
        className: 'ell max-w-[200px]',
        cell: ({ resource }) => <span data-tip={resource.name}>{resource.name}</span>,
      },
      { id: 'outcome', header: t('columns.outcome'), cell: ({ outcome }) => <AuditOutcomeWord outcome={outcome} /> },
      {
        id: 'detail',
        header: t('columns.detail'),
        phone: false,
        className: 'clip fg2',
        cell: (row) => {
          const text = detail(row);
          return <span data-tip={text || undefined}>{text}</span>;
        },
      },
    ],
    [t, action, detail, now],
  );
}
