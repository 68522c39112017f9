import 'server-only';
import { chooseLocale, LOCALE_COOKIE, type Locale } from '@/lib/i18n/locale';
import { cookieOf } from './cookies';
import type { Credentials } from './session';
import { PEER_HEADER } from './watch-requests';

/** What the headers of a request say. */
export interface RequestInfo extends Credentials {
  locale: Locale;
  idempotencyKey: string | null;
  userAgent: string;
}

export const requestInfo = ({ headers }: { headers: Pick<Headers, 'get'> }): RequestInfo => ({
  locale: chooseLocale(cookieOf(headers.get('cookie'), LOCALE_COOKIE), headers.get('accept-language')),
  ip: headers.get(PEER_HEADER) ?? 'unknown',
  host: headers.get('host'),
  cookie: headers.get('cookie'),
  authorization: headers.get('authorization'),
  idleMs: idleMs(headers.get('x-redrive-idle-ms')),
  idempotencyKey: headers.get('idempotency-key'),
  userAgent: headers.get('user-agent') ?? '',
});

function idleMs(text: string | null): number | null {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : null;
}
