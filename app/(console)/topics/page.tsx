import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { firstPage, Prefetch } from '@/app/prefetch';
import { loadTopicsParams, topicsInput } from '@/components/topics/search-params';
import { TopicsView } from '@/components/topics/topics-view';
import { translator } from '@/lib/i18n/translator';
import { topicListQuery } from '@/lib/queries/topics';
import { call } from '@/lib/server/endpoint';
import { listTopicsEndpoint } from '@/lib/server/endpoints/topics';
import { pageCaller, pageLocale } from '@/lib/server/page';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'topics');
  return { title: t('title') };
}

export default async function TopicsPage({ searchParams }: Props) {
  const input = topicsInput(await loadTopicsParams(searchParams));
  const caller = await pageCaller();
  const { queryKey } = topicListQuery(input);
  return (
    <Words of={['topics']}>
      <Prefetch queries={[{ queryKey, queryFn: () => firstPage(call(listTopicsEndpoint, input, caller)) }]}>
        <TopicsView />
      </Prefetch>
    </Words>
  );
}
