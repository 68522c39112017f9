import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { Prefetch } from '@/app/prefetch';
import { loadTopicParams } from '@/components/topics/search-params';
import { TopicView } from '@/components/topics/topic-view';
import { translator } from '@/lib/i18n/translator';
import { topicDetailQuery } from '@/lib/queries/topics';
import { call } from '@/lib/server/endpoint';
import { getTopicEndpoint } from '@/lib/server/endpoints/topics';
import { pageCaller, pageLocale } from '@/lib/server/page';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { topic } = await loadTopicParams(searchParams);
  const t = translator(await pageLocale(), 'topics');
  return { title: topic || t('unknownTitle') };
}

export default async function TopicPage({ searchParams }: Props) {
  const { cluster, topic } = await loadTopicParams(searchParams);
  const input = { cluster: cluster ?? undefined, topic };
  const caller = await pageCaller();
  return (
    <Words of={['topics', 'history', 'jobs']}>
      <Prefetch queries={[{ ...topicDetailQuery(input), queryFn: () => call(getTopicEndpoint, input, caller) }]}>
        <TopicView />
      </Prefetch>
    </Words>
  );
}
