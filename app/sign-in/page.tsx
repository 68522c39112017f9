import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Words } from '@/app/page-words';
import { nextAddress } from '@/components/accounts/next-address';
import { SignInView } from '@/components/accounts/sign-in-view';
import { translator } from '@/lib/i18n/translator';
import { entranceFacts } from '@/lib/server/entrance';
import { pageLocale, signedIn } from '@/lib/server/page';

export const dynamic = 'force-dynamic';
type Props = { searchParams: Promise<{ next?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'accounts');
  return { title: t('signIn') };
}

export default async function SignInPage({ searchParams }: Props) {
  const { next } = await searchParams;
  if (await signedIn()) redirect(nextAddress(typeof next === 'string' ? next : null));
  return (
    <Words of={['accounts']}>
      <SignInView {...entranceFacts()} />
    </Words>
  );
}
