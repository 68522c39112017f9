import 'server-only';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { chooseLocale, LOCALE_COOKIE, type Locale } from '@/lib/i18n/locale';
import type { PageCaller } from './endpoint';
import { requestInfo } from './request-info';
import { authenticate, type Caller } from './session';

/** The address a page was asked for, set by proxy.ts. */
export const ADDRESS_HEADER = 'x-redrive-address';

export async function pageLocale(): Promise<Locale> {
  const [cookieStore, headerStore] = await Promise.all([cookies(), headers()]);
  return chooseLocale(cookieStore.get(LOCALE_COOKIE)?.value, headerStore.get('accept-language'));
}

/** Who reads this page, as `call()` wants to know it. Who has not signed in is sent to do so, and back. */
export async function pageCaller(): Promise<PageCaller> {
  const [locale, caller, headerStore] = await Promise.all([pageLocale(), signedIn(), headers()]);
  if (!caller) redirect(signInAddress(headerStore.get(ADDRESS_HEADER)));
  return { locale, ...caller };
}

/** Once per request, however many parts of a page ask; null: nobody has signed in. */
export async function signedIn(): Promise<Caller | null> {
  const headerStore = await headers();
  const known = callers.get(headerStore);
  if (known) return known;
  const asked = authenticate({ ...requestInfo({ headers: headerStore }), authorization: null });
  callers.set(headerStore, asked);
  return asked;
}
const callers = new WeakMap<object, Promise<Caller | null>>();

function signInAddress(from: string | null): string {
  return from === null || from === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(from)}`;
}
