'use client';
import { useMemo } from 'react';
import { RuledStatus } from '@/components/lag/rule';
import { TONE_OF_AGE } from '@/components/lag/tones';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { Column } from '@/components/shared/data-table';
import { Tape } from '@/components/shared/tape';
import { useFormat } from '@/components/shared/use-format';
import { WireFigure } from '@/components/shared/wire-figure';
import type { GroupRow } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';
import { ModeTag } from './mode-tag';

export function useGroupColumns(): Column<GroupRow>[] {
  const t = useT('groups');
  const f = useFormat();
  return useMemo(() => {
    const quiet = (value: number | null) => (value === 0 ? 'fg3' : undefined);
    return [
      {
        id: 'status',
        header: t('columns.status'),
        sort: 'status',
        firstDirection: 'desc',
        cell: (row) => <RuledStatus status={row.status} rule={row.rule} />,
      },
      {
        id: 'group',
        header: t('columns.group'),
        sort: 'group',
        isRowHeader: true,
        className: 'fw5',
        cell: (row) => (
          <>
            <ClusterLink className="nm" href="/groups/detail" params={{ group: row.group }}>
              {row.group}
            </ClusterLink>
            {row.mode === 'BROADCASTING' || row.mode === 'POP' ? (
              <>
                {' '}
                <ModeTag mode={row.mode} />
              </>
            ) : null}
          </>
        ),
      },
      {
        id: 'tape',
        header: t('columns.tape'),
        priority: 3,
        cell: (row) => <Tape steps={row.tape} idle={row.lag === 0} />,
      },
      {
        id: 'lag',
        header: t('columns.lag'),
        sort: 'lag',
        align: 'right',
        cell: (row) => <WireFigure of={row} field="lag" tone={quiet(row.lag)} />,
      },
      {
        id: 'oldest',
        header: <span data-tip={t('oldestTip')}>{t('columns.oldest')}</span>,
        align: 'right',
        priority: 2,
        cell: (row) =>
          row.lag === 0 && (row.lagMs ?? 0) === 0 ? (
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
        id: 'members',
        header: t('columns.members'),
        sort: 'members',
        align: 'right',
        priority: 2,
        cell: (row) => (
          <WireFigure of={row} field="members" tone={row.status === 'NO_MEMBERS' ? 'crit' : quiet(row.members)} />
        ),
      },
      {
        id: 'retries',
        header: t('columns.retries'),
        sort: 'retries',
        align: 'right',
        priority: 3,
        cell: (row) =>
          row.retries ? (
            <ClusterLink className="hoverline" href="/retries" params={{ group: row.group }}>
              <WireFigure of={row} field="retries" />
            </ClusterLink>
          ) : (
            <WireFigure of={row} field="retries" tone="fg3" />
          ),
      },
      {
        id: 'dead',
        header: t('columns.dead'),
        sort: 'deadLetters',
        align: 'right',
        priority: 2,
        cell: (row) =>
          row.deadLetters ? (
            <ClusterLink className="hoverline" href="/dead-letters/group" params={{ group: row.group }}>
              <WireFigure of={row} field="deadLetters" strong />
            </ClusterLink>
          ) : (
            <WireFigure of={row} field="deadLetters" tone="fg3" />
          ),
      },
      {
        id: 'topics',
        header: t('columns.topics'),
        priority: 3,
        cell: ({ topics: [first, ...rest] }) =>
          first ? (
            <>
              <ClusterLink className="fg2 hoverline nm" href="/topics/detail" params={{ topic: first }}>
                {first}
              </ClusterLink>
              {rest.length > 0 ? (
                <span className="fg3 small" data-tip={rest.join(', ')}>
                  {' '}
                  {t('moreTopics', { count: f.count(rest.length) })}
                </span>
              ) : null}
            </>
          ) : (
            <span className="fg3">–</span>
          ),
      },
    ];
  }, [t, f]);
}
