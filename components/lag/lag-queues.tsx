'use client';
import { useQuery } from '@tanstack/react-query';
import { PartialBanner } from '@/components/shared/banner';
import { DataTable } from '@/components/shared/data-table';
import { EmptyState } from '@/components/shared/states';
import type { GroupDetail, LagQueue } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';
import { groupLagQuery } from '@/lib/queries/groups';
import { useLagColumns } from './lag-columns';
import { LagTopic } from './lag-topic';

/** Queues of the group by topic, worst first; its retry topic comes last. */
export function LagQueues({
  input,
  group,
}: {
  input: { cluster: string | undefined; group: string };
  group: GroupDetail;
}) {
  const t = useT('groups');
  const query = useQuery(groupLagQuery(input));
  const columns = useLagColumns(group);
  const retry = () => void query.refetch();
  const topics = query.data ? byTopic(query.data.queues) : undefined;
  if (!topics || topics.length === 0)
    return (
      <DataTable
        caption={t('detail.queues')}
        columns={columns}
        rows={query.data?.queues}
        rowKey={keyOf}
        error={query.error}
        errorTitle={t('detail.lagFailed')}
        onRetry={retry}
        empty={
          group.mode === 'BROADCASTING' ? (
            <EmptyState icon="groups" title={t('detail.queuesBroadcast.title')}>
              {t('detail.queuesBroadcast.text')}
            </EmptyState>
          ) : (
            <EmptyState icon="groups" title={t('detail.queuesEmpty.title')}>
              {t('detail.queuesEmpty.text')}
            </EmptyState>
          )
        }
      />
    );
  return (
    <div className="col">
      {group.failures.length === 0 ? <PartialBanner failures={query.data?.failures} onRetry={retry} /> : null}
      {topics.map(([topic, queues], index) => (
        <LagTopic
          key={topic}
          group={group}
          topic={topic}
          queues={queues}
          columns={columns}
          keys={index === 0}
          failures={query.data?.failures}
        />
      ))}
    </div>
  );
}

export const keyOf = (queue: LagQueue): string => `${queue.topic} ${queue.broker}/${queue.queueId}`;
const isRetry = (topic: string) => topic.startsWith('%RETRY%');

function byTopic(queues: readonly LagQueue[]): [string, LagQueue[]][] {
  const topics = new Map<string, LagQueue[]>();
  for (const queue of queues) {
    const list = topics.get(queue.topic) ?? [];
    list.push(queue);
    topics.set(queue.topic, list);
  }
  return [...topics].sort(([a], [b]) => Number(isRetry(a)) - Number(isRetry(b)));
}
