import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { Prefetch } from '@/app/prefetch';
import { PeopleView } from '@/components/settings/people-view';
import { translator } from '@/lib/i18n/translator';
import { accountsQuery } from '@/lib/queries/accounts';
import { call } from '@/lib/server/endpoint';
import { accountsList } from '@/lib/server/endpoints/accounts';
import { pageCaller, pageLocale } from '@/lib/server/page';

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'settings');
  return { title: t('sections.people') };
}

export default async function PeoplePage() {
  const caller = await pageCaller();
  return (
    <Words of={['accounts', 'settings']}>
      <Prefetch queries={[{ ...accountsQuery(), queryFn: () => call(accountsList, {}, caller) }]}>
        <PeopleView />
      </Prefetch>
    </Words>
  );
}
