import 'server-only';
import { cookies, headers } from 'next/headers';
import { chooseLocale, LOCALE_COOKIE, type Locale } from '@/lib/i18n/locale';

/** Who reads this page, as `call()` wants to know it. */
export async function pageCaller(): Promise<{ locale: Locale }> {
  const [cookieStore, headerStore] = await Promise.all([cookies(), headers()]);
  return { locale: chooseLocale(cookieStore.get(LOCALE_COOKIE)?.value, headerStore.get('accept-language')) };
}
