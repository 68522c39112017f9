import 'server-only';
import { cookies, headers } from 'next/headers';
import { chooseLocale, LOCALE_COOKIE, type Locale } from '@/lib/i18n/locale';

export interface PageCaller {
  locale: Locale;
  theme: 'light' | 'dark' | 'system';
  nonce: string;
}

/** Who reads this page: language, theme, and the nonce that proxy.ts made for it. */
export async function pageCaller(): Promise<PageCaller> {
  const [cookieStore, headerStore] = await Promise.all([cookies(), headers()]);
  const theme = cookieStore.get('redrive-theme')?.value;
  return {
    locale: chooseLocale(cookieStore.get(LOCALE_COOKIE)?.value, headerStore.get('accept-language')),
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    nonce: headerStore.get('x-nonce') ?? '',
  };
}
