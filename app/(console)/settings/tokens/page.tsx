import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { Prefetch } from '@/app/prefetch';
import { TokensView } from '@/components/settings/tokens-view';
import { translator } from '@/lib/i18n/translator';
import { ownTokensQuery } from '@/lib/queries/accounts';
import { call } from '@/lib/server/endpoint';
import { ownTokens } from '@/lib/server/endpoints/own';
import { pageCaller, pageLocale } from '@/lib/server/page';

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'settings');
  return { title: t('sections.tokens') };
}

export default async function TokensPage() {
  const caller = await pageCaller();
  return (
    <Words of={['settings']}>
      <Prefetch queries={[{ ...ownTokensQuery(), queryFn: () => call(ownTokens, {}, caller) }]}>
        <TokensView />
      </Prefetch>
    </Words>
  );
}
