import type { Metadata } from 'next';
import { Prefetch } from '@/app/prefetch';
import { GroupView } from '@/components/groups/group-view';
import { loadGroupParams } from '@/components/groups/search-params';
import { translator } from '@/lib/i18n/translator';
import { groupDetailQuery, groupLagQuery } from '@/lib/queries/groups';
import { call } from '@/lib/server/endpoint';
import { getGroupEndpoint } from '@/lib/server/endpoints/groups';
import { getLagEndpoint } from '@/lib/server/endpoints/lag';
import { pageCaller } from '@/lib/server/page';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { group } = await loadGroupParams(searchParams);
  const t = translator((await pageCaller()).locale, 'groups');
  return { title: group || t('unknownTitle') };
}

export default async function GroupPage({ searchParams }: Props) {
  const { cluster, group, tab } = await loadGroupParams(searchParams);
  const input = { cluster: cluster ?? undefined, group };
  const caller = await pageCaller();
  const detail = { ...groupDetailQuery(input), queryFn: () => call(getGroupEndpoint, input, caller) };
  const lag = { ...groupLagQuery(input), queryFn: () => call(getLagEndpoint, input, caller) };
  return (
    <Prefetch queries={tab === 'queues' ? [detail, lag] : [detail]}>
      <GroupView />
    </Prefetch>
  );
}
