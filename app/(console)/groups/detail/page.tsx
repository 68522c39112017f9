import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { Prefetch } from '@/app/prefetch';
import { GroupView } from '@/components/groups/group-view';
import { loadGroupParams } from '@/components/groups/search-params';
import { loadHistoryParams } from '@/components/history/search-params';
import { translator } from '@/lib/i18n/translator';
import { groupDetailQuery, groupLagQuery } from '@/lib/queries/groups';
import { groupHistoryQuery, historyEnds } from '@/lib/queries/history';
import { call } from '@/lib/server/endpoint';
import { getGroupEndpoint } from '@/lib/server/endpoints/groups';
import { getHistoryEndpoint } from '@/lib/server/endpoints/history';
import { getLagEndpoint } from '@/lib/server/endpoints/lag';
import { pageCaller, pageLocale } from '@/lib/server/page';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { group } = await loadGroupParams(searchParams);
  const t = translator(await pageLocale(), 'groups');
  return { title: group || t('unknownTitle') };
}

export default async function GroupPage({ searchParams }: Props) {
  const { cluster, group, tab } = await loadGroupParams(searchParams);
  const input = { cluster: cluster ?? undefined, group };
  const caller = await pageCaller();
  const detail = { ...groupDetailQuery(input), queryFn: () => call(getGroupEndpoint, input, caller) };
  const lag = { ...groupLagQuery(input), queryFn: () => call(getLagEndpoint, input, caller) };
  const past = { ...input, range: (await loadHistoryParams(searchParams)).range };
  const history = {
    ...groupHistoryQuery(past),
    queryFn: () => call(getHistoryEndpoint, { ...input, ...historyEnds(past.range, Date.now()) }, caller),
  };
  return (
    <Words of={['history', 'jobs', 'why']}>
      <Prefetch
        queries={
          tab === 'diagnosis' || tab === 'queues' ? [detail, lag] : tab === 'history' ? [detail, history] : [detail]
        }
      >
        <GroupView />
      </Prefetch>
    </Words>
  );
}
