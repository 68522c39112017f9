import type { ReactNode } from 'react';
import { PageWords } from '@/components/shared/page-words';
import type { Namespace } from '@/lib/i18n/messages';
import { wordsOf } from '@/lib/i18n/page-words';
import { pageLocale } from '@/lib/server/page';

/** Sends the words of these nouns with the page: a test holds them against what its modules say. */
export async function Words({ of, children }: { of: readonly Namespace[]; children: ReactNode }) {
  const locale = await pageLocale();
  return <PageWords words={wordsOf(locale, of)}>{children}</PageWords>;
}
