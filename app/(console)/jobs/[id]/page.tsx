import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { firstPage, Prefetch } from '@/app/prefetch';
import { JobView } from '@/components/jobs/job-view';
import { readJobParams } from '@/components/jobs/search-params';
import { shownItems } from '@/components/jobs/shown-items';
import { translator } from '@/lib/i18n/translator';
import { jobDetailQuery, jobItemsQuery } from '@/lib/queries/jobs';
import { call } from '@/lib/server/endpoint';
import { jobItems, jobsDetail } from '@/lib/server/endpoints/jobs';
import { pageCaller, pageLocale } from '@/lib/server/page';

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = translator(await pageLocale(), 'jobs');
  return { title: t('jobTitle', { id: (await params).id.slice(-6) }) };
}

export default async function JobPage({ params, searchParams }: Props) {
  const { id } = await params;
  const { cluster, items } = await readJobParams(searchParams);
  const caller = await pageCaller();
  const input = { cluster: cluster ?? undefined, id };
  const detail = call(jobsDetail, input, caller);
  const only = await detail.then(({ outcomes }) => shownItems(items, outcomes)).catch(() => 'all' as const);
  const asked = { ...input, only };
  return (
    <Words of={['jobs', 'offsets', 'run-once']}>
      <Prefetch
        queries={[
          { queryKey: jobDetailQuery(input).queryKey, queryFn: () => detail },
          { queryKey: jobItemsQuery(asked).queryKey, queryFn: () => firstPage(call(jobItems, asked, caller)) },
        ]}
      >
        <JobView id={id} />
      </Prefetch>
    </Words>
  );
}
