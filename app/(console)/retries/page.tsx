import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { Prefetch } from '@/app/prefetch';
import { LadderView } from '@/components/retries/ladder-view';
import { RetriesView } from '@/components/retries/retries-view';
import { readRetriesParams, retriesInput } from '@/components/retries/search-params';
import { translator } from '@/lib/i18n/translator';
import { retriesQuery } from '@/lib/queries/retries';
import { call } from '@/lib/server/endpoint';
import { retriesList } from '@/lib/server/endpoints/retries';
import { pageCaller, pageLocale } from '@/lib/server/page';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = translator(await pageLocale(), 'retries');
  const { group } = await readRetriesParams(searchParams);
  return { title: group ? t('ofGroup', { group }) : t('title') };
}

export default async function RetriesPage({ searchParams }: Props) {
  const input = retriesInput(await readRetriesParams(searchParams));
  const caller = await pageCaller();
  return (
    <Words of={['retries', 'messages']}>
      <Prefetch queries={[{ ...retriesQuery(input), queryFn: () => call(retriesList, input, caller) }]}>
        {input.group ? <LadderView key={input.group} /> : <RetriesView />}
      </Prefetch>
    </Words>
  );
}
