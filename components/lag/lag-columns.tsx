'use client';
import { useMemo } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { Column } from '@/components/shared/data-table';
import { Unknown } from '@/components/shared/figure';
import { Tape } from '@/components/shared/tape';
import { When } from '@/components/shared/when';
import { WireFigure } from '@/components/shared/wire-figure';
import type { GroupDetail, LagQueue } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';
import { RuledStatus } from './rule';
import { TONE_OF_AGE } from './tones';

export function useLagColumns(group: GroupDetail): Column<LagQueue>[] {
  const t = useT('groups');
  return useMemo(
    () => [
      {
        id: 'status',
        header: t('detail.queueTable.status'),
        cell: (row) => <RuledStatus status={row.status} rule={row.rule} />,
      },
      {
        id: 'queue',
        header: t('detail.queueTable.queue'),
        isRowHeader: true,
        className: 'mono',
        cell: (row) => `${row.broker}/${row.queueId}`,
      },
      {
        id: 'tape',
        header: t('detail.queueTable.tape'),
        priority: 3,
        cell: (row) => <Tape steps={row.tape} idle={row.lag === 0} />,
      },
      {
        id: 'lag',
        header: t('detail.queueTable.lag'),
        align: 'right',
        cell: (row) => <WireFigure of={row} field="lag" tone={row.lag === 0 ? 'fg3' : undefined} />,
      },
      {
        id: 'oldest',
        header: t('detail.queueTable.oldest'),
        align: 'right',
        cell: (row) =>
          row.lag === 0 ? (
            <span className="fg3">–</span>
          ) : (
            <WireFigure
              of={row}
              field="lagMs"
              as="duration"
              approximate={!row.lagMsExact}
              tone={TONE_OF_AGE[row.status]}
            />
          ),
      },
      {
        id: 'committed',
        header: t('detail.queueTable.committed'),
        align: 'right',
        priority: 2,
        className: 'mono',
        cell: (row) =>
          row.committedOffset === null && row.unknown?.committedOffset === 'no_offset' ? (
            <span className="fg3">{t('detail.queueTable.noOffset')}</span>
          ) : (
            <WireFigure of={row} field="committedOffset" />
          ),
      },
      {
        id: 'max',
        header: t('detail.queueTable.max'),
        align: 'right',
        priority: 2,
        className: 'mono',
        cell: (row) => <WireFigure of={row} field="maxOffset" />,
      },
      {
        id: 'in',
        header: t('detail.queueTable.in'),
        align: 'right',
        priority: 2,
        cell: (row) => <WireFigure of={row} field="inPerS" as="rate" tone={row.inPerS === 0 ? 'fg3' : undefined} />,
      },
      {
        id: 'out',
        header: t('detail.queueTable.out'),
        align: 'right',
        priority: 2,
        cell: (row) => <WireFigure of={row} field="outPerS" as="rate" tone={row.outPerS === 0 ? 'fg3' : undefined} />,
      },
      {
        id: 'holder',
        header: t('detail.queueTable.holder'),
        priority: 3,
        className: 'mono',
        cell: (row) => <Holder group={group} clientId={row.clientId} />,
      },
      {
        id: 'moved',
        header: <span data-tip={t('detail.queueTable.movedTip')}>{t('detail.queueTable.moved')}</span>,
        align: 'right',
        priority: 3,
        cell: (row) =>
          row.lastMovedAt !== null ? (
            <When at={row.lastMovedAt} />
          ) : (
            <span className="fg3">{t('detail.queueTable.notMoved')}</span>
          ),
      },
    ],
    [t, group],
  );
}

/** Nobody only where every member has told what it holds. */
function Holder({ group, clientId }: { group: GroupDetail; clientId: string | null }) {
  const t = useT('groups');
  if (group.mode === 'POP') return <span className="fg3">{t('detail.queueTable.popHolder')}</span>;
  if (clientId)
    return (
      <ClusterLink
        className="hoverline nm"
        href="/groups/detail"
        params={{ group: group.group, tab: 'members', member: clientId }}
      >
        {clientId}
      </ClusterLink>
    );
  const isCertain = group.membersKnown && group.members.every(({ queues }) => queues !== null);
  return isCertain ? (
    <span className="fg3">{t('detail.queueTable.noHolder')}</span>
  ) : (
    <Unknown reason={t('detail.memberTable.heldUnknown')} />
  );
}
