import type { Metadata } from 'next';
import { createLoader, parseAsString } from 'nuqs/server';
import { Words } from '@/app/page-words';
import { Prefetch } from '@/app/prefetch';
import { OverviewView } from '@/components/overview/overview-view';
import { recentJobs } from '@/components/overview/recent-jobs';
import { translator } from '@/lib/i18n/translator';
import { jobListQuery } from '@/lib/queries/jobs';
import { overviewQuery } from '@/lib/queries/overview';
import { call } from '@/lib/server/endpoint';
import { jobsList } from '@/lib/server/endpoints/jobs';
import { getOverviewEndpoint } from '@/lib/server/endpoints/overview';
import { pageCaller, pageLocale } from '@/lib/server/page';

const loadParams = createLoader({ cluster: parseAsString });
type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'overview');
  return { title: t('title') };
}

export default async function OverviewPage({ searchParams }: Props) {
  const cluster = (await loadParams(searchParams)).cluster ?? undefined;
  const caller = await pageCaller();
  const jobs = recentJobs(cluster);
  return (
    <Words of={['overview', 'jobs']}>
      <Prefetch
        queries={[
          { ...overviewQuery(cluster), queryFn: () => call(getOverviewEndpoint, { cluster }, caller) },
          { queryKey: jobListQuery(jobs).queryKey, queryFn: () => call(jobsList, jobs, caller) },
        ]}
      >
        <OverviewView />
      </Prefetch>
    </Words>
  );
}
