import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { Prefetch } from '@/app/prefetch';
import { AccountView } from '@/components/settings/account-view';
import { translator } from '@/lib/i18n/translator';
import { ownSessionsQuery } from '@/lib/queries/accounts';
import { call } from '@/lib/server/endpoint';
import { ownSessions } from '@/lib/server/endpoints/own';
import { pageCaller, pageLocale } from '@/lib/server/page';

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'settings');
  return { title: t('sections.account') };
}

export default async function AccountPage() {
  const caller = await pageCaller();
  return (
    <Words of={['accounts', 'settings']}>
      <Prefetch queries={[{ ...ownSessionsQuery(), queryFn: () => call(ownSessions, {}, caller) }]}>
        <AccountView />
      </Prefetch>
    </Words>
  );
}
