'use client';
import { useMemo } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { Column } from '@/components/shared/data-table';
import { Sparkline } from '@/components/shared/sparkline';
import { GroupStatusWord } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import { WireFigure } from '@/components/shared/wire-figure';
import type { TopicRow } from '@/lib/contract/topics';
import { useT } from '@/lib/i18n/use-t';

export function useTopicColumns(): Column<TopicRow>[] {
  const t = useT('topics');
  const f = useFormat();
  return useMemo(() => {
    const historyWords = (row: TopicRow) =>
      t('historyLabel', { topic: row.topic, top: f.rate(Math.max(0, ...row.inHistory.map((value) => value ?? 0))) });
    return [
      {
        id: 'topic',
        header: t('columns.topic'),
        sort: 'topic',
        isRowHeader: true,
        className: 'fw5',
        cell: (row) => (
          <>
            <ClusterLink className="nm" href="/topics/detail" params={{ topic: row.topic }}>
              {row.topic}
            </ClusterLink>
            {row.differs ? (
              <ClusterLink
                className="tag warn ml-1.5"
                href="/topics/detail"
                params={{ topic: row.topic, tab: 'config' }}
                data-tip={t('differsTip')}
              >
                {t('differs')}
              </ClusterLink>
            ) : null}
          </>
        ),
      },
      {
        id: 'type',
        header: t('columns.type'),
        sort: 'type',
        priority: 2,
        cell: (row) => <span className="tag">{row.type}</span>,
      },
      {
        id: 'queues',
        header: t('columns.queues'),
        sort: 'queues',
        align: 'right',
        priority: 3,
        cell: (row) => <span data-tip={row.brokers.join(', ')}>{f.count(row.queues)}</span>,
      },
      {
        id: 'in',
        header: t('columns.in'),
        sort: 'inPerS',
        firstDirection: 'desc',
        align: 'right',
        phone: false,
        cell: (row) => <WireFigure of={row} field="inPerS" as="rate" tone={row.inPerS === 0 ? 'fg3' : undefined} />,
      },
      {
        id: 'out',
        header: t('columns.out'),
        sort: 'outPerS',
        firstDirection: 'desc',
        align: 'right',
        priority: 2,
        cell: (row) =>
          row.groups === 0 ? (
            <span className="fg3">–</span>
          ) : (
            <WireFigure of={row} field="outPerS" as="rate" tone={row.outPerS === 0 ? 'fg3' : undefined} />
          ),
      },
      {
        id: 'history',
        header: t('columns.history'),
        priority: 3,
        cell: (row) => <Sparkline values={row.inHistory} floor={1} tone="info" label={historyWords(row)} />,
      },
      {
        id: 'kept',
        header: t('columns.kept'),
        sort: 'kept',
        align: 'right',
        priority: 2,
        cell: (row) => <WireFigure of={row} field="kept" tone={row.kept === 0 ? 'fg3' : undefined} />,
      },
      {
        id: 'retention',
        header: t('columns.retention'),
        align: 'right',
        priority: 3,
        cell: (row) => <Retention row={row} />,
      },
      {
        id: 'groups',
        header: t('columns.groups'),
        sort: 'groups',
        align: 'right',
        priority: 2,
        cell: (row) => <span className={row.groups === 0 ? 'fg3' : undefined}>{f.count(row.groups)}</span>,
      },
      {
        id: 'worstGroup',
        header: t('columns.worstGroup'),
        cell: (row) =>
          row.groups === 0 ? (
            <span className="warn">{t('noReader')}</span>
          ) : row.worstGroup && row.worstStatus ? (
            <span className="flex nowrap">
              <GroupStatusWord status={row.worstStatus} />{' '}
              <ClusterLink className="fg2 hoverline nm hide-m" href="/groups/detail" params={{ group: row.worstGroup }}>
                {row.worstGroup}
              </ClusterLink>
            </span>
          ) : null,
      },
      {
        id: 'worstLag',
        header: t('columns.worstLag'),
        sort: 'worstLag',
        align: 'right',
        cell: (row) =>
          row.groups === 0 && row.worstLag === 0 ? (
            <span className="fg3">–</span>
          ) : (
            <WireFigure of={row} field="worstLag" tone={row.worstLag === 0 ? 'fg3' : undefined} />
          ),
      },
      {
        id: 'lastStoredAt',
        header: t('columns.lastStoredAt'),
        sort: 'lastStoredAt',
        firstDirection: 'desc',
        align: 'right',
        priority: 3,
        cell: (row) =>
          row.lastStoredAt === null ? (
            <span className="fg3">{t('never')}</span>
          ) : (
            <When at={row.lastStoredAt} form="ago" />
          ),
      },
    ];
  }, [t, f]);
}

/** Less than this share of the retention left is worth a colour. */
const NEAR_SHARE = 0.25;
const HOUR_MS = 3_600_000;

/** How long messages are kept; and, while some wait unread, how long the oldest of them is still safe. */
function Retention({ row }: { row: TopicRow }) {
  const t = useT('topics');
  const f = useFormat();
  const { retentionMs, unreadSafeForMs } = row;
  if (retentionMs === null || unreadSafeForMs === null) {
    const kept = <WireFigure of={row} field="retentionMs" as="duration" tone="fg2" />;
    return row.unknown?.unreadSafeForMs ? <span data-tip={t('retention.unknown')}>{kept}</span> : kept;
  }
  const tone = unreadSafeForMs <= 0 ? 'crit' : unreadSafeForMs < retentionMs * NEAR_SHARE ? 'warn' : 'fg2';
  const safeMs = Math.max(0, unreadSafeForMs);
  const left = f.duration(safeMs > HOUR_MS ? safeMs - (safeMs % HOUR_MS) : safeMs);
  return (
    <span className={tone} data-tip={t('retention.tip', { left, kept: f.duration(retentionMs) })}>
      {unreadSafeForMs <= 0 ? t('retention.gone') : t('retention.left', { left })}
    </span>
  );
}
