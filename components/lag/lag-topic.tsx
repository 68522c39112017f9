'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { type Column, DataTable } from '@/components/shared/data-table';
import { Section } from '@/components/shared/page-header';
import { useFormat } from '@/components/shared/use-format';
import type { GroupDetail, LagQueue } from '@/lib/contract/groups';
import type { Failure } from '@/lib/contract/primitives';
import { STATUS_WORDS } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';

/** Queues of one topic with their sum, and the way to move the group on it. */
export function LagTopic({
  group,
  topic,
  queues,
  columns,
  keys,
  failures,
}: {
  group: GroupDetail;
  topic: string;
  queues: LagQueue[];
  columns: readonly Column<LagQueue>[];
  keys: boolean;
  failures: readonly Failure[] | undefined;
}) {
  const t = useT('groups');
  const f = useFormat();
  const known = queues.flatMap(({ lag }) => lag ?? []);
  const isRetry = topic.startsWith('%RETRY%');
  const rows = [...queues].sort(
    (a, b) => STATUS_WORDS.indexOf(a.status) - STATUS_WORDS.indexOf(b.status) || (b.lag ?? 0) - (a.lag ?? 0),
  );
  return (
    <Section
      className="bare-sec"
      title={
        <ClusterLink className="hoverline" href="/topics/detail" params={{ topic }}>
          {topic}
        </ClusterLink>
      }
      note={
        <span className={known.length < queues.length ? 'part' : undefined}>
          {t('detail.queueTable.sum', {
            lag: known.length > 0 ? f.count(known.reduce((sum, lag) => sum + lag, 0)) : t('detail.queueTable.notKnown'),
            queues: f.count(queues.length),
            queuesN: queues.length,
          })}
        </span>
      }
      right={
        isRetry ? (
          <ClusterLink className="link" href="/retries" params={{ group: group.group }}>
            {t('detail.retries')}
          </ClusterLink>
        ) : (
          <ClusterLink className="link" href="/offsets/reset" params={{ group: group.group, topic }}>
            {t('detail.reset')}
          </ClusterLink>
        )
      }
    >
      <DataTable
        caption={t('detail.queueTable.caption', { topic, group: group.group })}
        columns={columns}
        rows={rows}
        rowKey={(queue) => `${queue.broker}/${queue.queueId}`}
        keys={keys}
        {...(keys ? { footer: { total: rows.length, sortWords: t('sorted.status'), failures } } : {})}
      />
    </Section>
  );
}
