'use client';
import { useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { PartialBanner } from '@/components/shared/banner';
import { CopyLinkButton } from '@/components/shared/copy-button';
import { ErrorState } from '@/components/shared/states';
import { useAddress } from '@/components/shared/use-address';
import { useFormat } from '@/components/shared/use-format';
import { Skeleton } from '@/components/ui/skeleton';
import { Tabs } from '@/components/ui/tabs';
import { useT } from '@/lib/i18n/use-t';
import { topicDetailQuery } from '@/lib/queries/topics';
import { topicParams } from './search-params';
import { TopicConfiguration } from './topic-configuration';
import { TopicHead } from './topic-head';
import { TopicOverview } from './topic-overview';
import { TopicProducers } from './topic-producers';
import { TopicQueues } from './topic-queues';

export function TopicView() {
  const t = useT('topics');
  const f = useFormat();
  const address = useAddress();
  const [{ cluster, topic, tab }] = useQueryStates(topicParams);
  const query = useQuery(topicDetailQuery({ cluster: cluster ?? undefined, topic }));
  const { data } = query;
  const failed = query.error !== null && !data;
  const retry = () => void query.refetch();
  return (
    <>
      <PartialBanner failures={data?.failures} onRetry={retry} />
      <TopicHead name={topic} topic={data} actions={failed ? null : <CopyLinkButton />} />
      {failed ? null : (
        <Tabs
          label={t('detail.tabs')}
          current={tab}
          tabs={[
            { id: 'overview', label: t('detail.overview'), href: address({ tab: null }) },
            {
              id: 'queues',
              label: t('detail.queues'),
              count: data ? f.count(data.queues.length) : null,
              href: address({ tab: 'queues' }),
            },
            { id: 'producers', label: t('detail.producersTab'), href: address({ tab: 'producers' }) },
            { id: 'config', label: t('detail.config'), href: address({ tab: 'config' }) },
          ]}
        />
      )}
      {data ? (
        tab === 'queues' ? (
          <TopicQueues topic={data} />
        ) : tab === 'producers' ? (
          <TopicProducers input={{ cluster: cluster ?? undefined, topic }} />
        ) : tab === 'config' ? (
          <TopicConfiguration topic={data} />
        ) : (
          <TopicOverview topic={data} />
        )
      ) : query.error ? (
        <ErrorState error={query.error} title={t('detail.failed')} onRetry={retry} />
      ) : (
        <Skeleton width={180} />
      )}
    </>
  );
}
