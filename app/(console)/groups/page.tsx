import type { Metadata } from 'next';
import { firstPage, Prefetch } from '@/app/prefetch';
import { GroupsView } from '@/components/groups/groups-view';
import { groupsInput, loadGroupsParams } from '@/components/groups/search-params';
import { translator } from '@/lib/i18n/translator';
import { groupListQuery } from '@/lib/queries/groups';
import { call } from '@/lib/server/endpoint';
import { listGroupsEndpoint } from '@/lib/server/endpoints/groups';
import { pageCaller, pageLocale } from '@/lib/server/page';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'groups');
  return { title: t('title') };
}

export default async function GroupsPage({ searchParams }: Props) {
  const input = groupsInput(await loadGroupsParams(searchParams));
  const caller = await pageCaller();
  const { queryKey } = groupListQuery(input);
  return (
    <Prefetch queries={[{ queryKey, queryFn: () => firstPage(call(listGroupsEndpoint, input, caller)) }]}>
      <GroupsView />
    </Prefetch>
  );
}
