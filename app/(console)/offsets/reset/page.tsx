import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { firstPage, Prefetch } from '@/app/prefetch';
import { ResetView } from '@/components/offsets/reset-view';
import { readResetParams } from '@/components/offsets/search-params';
import { translator } from '@/lib/i18n/translator';
import { namesQuery } from '@/lib/queries/clusters';
import { groupDetailQuery } from '@/lib/queries/groups';
import { jobDetailQuery, jobItemsQuery } from '@/lib/queries/jobs';
import { call } from '@/lib/server/endpoint';
import { listNamesEndpoint } from '@/lib/server/endpoints/clusters';
import { getGroupEndpoint } from '@/lib/server/endpoints/groups';
import { jobItems, jobsDetail } from '@/lib/server/endpoints/jobs';
import { pageCaller, pageLocale } from '@/lib/server/page';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = translator(await pageLocale(), 'offsets');
  const { group } = await readResetParams(searchParams);
  return { title: group ? t('titleOf', { group }) : t('title') };
}

export default async function OffsetResetPage({ searchParams }: Props) {
  const { cluster: inAddress, group, job } = await readResetParams(searchParams);
  const cluster = inAddress ?? undefined;
  const caller = await pageCaller();
  const ofGroup = group ? [{ cluster, group }] : [];
  const ofJob = job ? [{ cluster, id: job }] : [];
  return (
    <Words of={['offsets', 'jobs']}>
      <Prefetch
        queries={[
          { queryKey: namesQuery(cluster).queryKey, queryFn: () => call(listNamesEndpoint, { cluster }, caller) },
          ...ofGroup.map((input) => ({
            queryKey: groupDetailQuery(input).queryKey,
            queryFn: () => call(getGroupEndpoint, input, caller),
          })),
          ...ofJob.map((input) => ({
            queryKey: jobDetailQuery(input).queryKey,
            queryFn: () => call(jobsDetail, input, caller),
          })),
          ...ofJob.map((input) => ({
            queryKey: jobItemsQuery({ ...input, only: 'all' }).queryKey,
            queryFn: () => firstPage(call(jobItems, { ...input, only: 'all' }, caller)),
          })),
        ]}
      >
        <ResetView />
      </Prefetch>
    </Words>
  );
}
