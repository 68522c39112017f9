import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { Prefetch } from '@/app/prefetch';
import { PermissionsView } from '@/components/settings/permissions-view';
import { translator } from '@/lib/i18n/translator';
import { meQuery } from '@/lib/queries/me';
import { call } from '@/lib/server/endpoint';
import { meEndpoint } from '@/lib/server/endpoints/session';
import { pageCaller, pageLocale } from '@/lib/server/page';

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'settings');
  return { title: t('sections.permissions') };
}

export default async function PermissionsPage() {
  const caller = await pageCaller();
  return (
    <Words of={['settings']}>
      <Prefetch queries={[{ ...meQuery(), queryFn: () => call(meEndpoint, {}, caller) }]}>
        <PermissionsView />
      </Prefetch>
    </Words>
  );
}
