import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { firstPage, Prefetch } from '@/app/prefetch';
import { GroupsView } from '@/components/dead-letters/groups-view';
import { groupsInput, readGroupsParams, recentLetterJobs } from '@/components/dead-letters/search-params';
import { translator } from '@/lib/i18n/translator';
import { deadLetterGroupsQuery } from '@/lib/queries/dead-letters';
import { jobListQuery } from '@/lib/queries/jobs';
import { call } from '@/lib/server/endpoint';
import { deadLettersList } from '@/lib/server/endpoints/dead-letters';
import { jobsList } from '@/lib/server/endpoints/jobs';
import { pageCaller, pageLocale } from '@/lib/server/page';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'dead-letters');
  return { title: t('title') };
}

export default async function DeadLettersPage({ searchParams }: Props) {
  const input = groupsInput(await readGroupsParams(searchParams));
  const caller = await pageCaller();
  const jobs = recentLetterJobs(input.cluster);
  const { queryKey } = deadLetterGroupsQuery(input);
  return (
    <Words of={['dead-letters', 'jobs']}>
      <Prefetch
        queries={[
          { queryKey, queryFn: () => firstPage(call(deadLettersList, input, caller)) },
          { queryKey: jobListQuery(jobs).queryKey, queryFn: () => call(jobsList, jobs, caller) },
        ]}
      >
        <GroupsView />
      </Prefetch>
    </Words>
  );
}
