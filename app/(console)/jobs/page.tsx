import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { firstPage, Prefetch } from '@/app/prefetch';
import { JobsView } from '@/components/jobs/jobs-view';
import { countInput, jobsInput, readJobsParams } from '@/components/jobs/search-params';
import { translator } from '@/lib/i18n/translator';
import { jobListQuery, jobPagesQuery } from '@/lib/queries/jobs';
import { call } from '@/lib/server/endpoint';
import { jobsList } from '@/lib/server/endpoints/jobs';
import { pageCaller, pageLocale } from '@/lib/server/page';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: translator(await pageLocale(), 'jobs')('title') };
}

export default async function JobsPage({ searchParams }: Props) {
  const params = await readJobsParams(searchParams);
  const caller = await pageCaller();
  const input = jobsInput(params);
  const counts = (['active', 'unacknowledged'] as const).map((state) => countInput(params.cluster, state));
  return (
    <Words of={['jobs']}>
      <Prefetch
        queries={[
          { queryKey: jobPagesQuery(input).queryKey, queryFn: () => firstPage(call(jobsList, input, caller)) },
          ...counts.map((count) => ({
            queryKey: jobListQuery(count).queryKey,
            queryFn: () => call(jobsList, count, caller),
          })),
        ]}
      >
        <JobsView />
      </Prefetch>
    </Words>
  );
}
