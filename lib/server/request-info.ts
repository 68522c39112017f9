import 'server-only';
import { chooseLocale, LOCALE_COOKIE, type Locale } from '@/lib/i18n/locale';

export function requestInfo(request: Request): { locale: Locale; ip: string; idempotencyKey: string | null } {
  return {
    locale: chooseLocale(
      readCookie(request.headers.get('cookie'), LOCALE_COOKIE),
      request.headers.get('accept-language'),
    ),
    // Only loopback can connect until sign-in exists, and no proxy header is trusted.
    ip: '127.0.0.1',
    idempotencyKey: request.headers.get('idempotency-key'),
  };
}

function readCookie(header: string | null, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
