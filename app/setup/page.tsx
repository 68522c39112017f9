import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Words } from '@/app/page-words';
import { SetupView } from '@/components/accounts/setup-view';
import { translator } from '@/lib/i18n/translator';
import { entranceFacts } from '@/lib/server/entrance';
import { pageLocale } from '@/lib/server/page';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'accounts');
  return { title: t('setup') };
}

export default function SetupPage() {
  if (!entranceFacts().isNew) redirect('/sign-in');
  return (
    <Words of={['accounts']}>
      <SetupView />
    </Words>
  );
}
