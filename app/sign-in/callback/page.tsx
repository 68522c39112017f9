import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { OidcReturn } from '@/components/accounts/oidc-return';
import { translator } from '@/lib/i18n/translator';
import { pageLocale } from '@/lib/server/page';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'accounts');
  return { title: t('signIn') };
}

export default function SignInCallbackPage() {
  return (
    <Words of={['accounts']}>
      <OidcReturn />
    </Words>
  );
}
