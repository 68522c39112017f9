import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { chooseZone, THEME_COOKIE, themeAttribute, ZONE_COOKIE } from '@/components/shell/preferences';
import { Providers } from '@/components/shell/providers';
import { FRAME_WORDS, wordsOf } from '@/lib/i18n/page-words';
import { pageLocale } from '@/lib/server/page';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Redrive', template: '%s · Redrive' },
  robots: { index: false, follow: false },
};
export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, cookieStore, headerStore] = await Promise.all([pageLocale(), cookies(), headers()]);
  const serverZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <html lang={locale} data-theme={themeAttribute(cookieStore.get(THEME_COOKIE)?.value)}>
      <body>
        <Providers
          locale={locale}
          words={wordsOf(locale, FRAME_WORDS)}
          zone={chooseZone(cookieStore.get(ZONE_COOKIE)?.value, serverZone)}
          serverNow={Date.now()}
          nonce={headerStore.get('x-nonce') ?? undefined}
        >
          {children}
        </Providers>
      </body>
    </html>
  );
}
