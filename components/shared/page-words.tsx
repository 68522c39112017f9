'use client';
import { type ReactNode, useMemo } from 'react';
import { IntlProvider, useLocale, useMessages } from 'use-intl';
import type { Messages } from '@/lib/i18n/messages';

/** The words of a page, beside those of the frame around it. */
export function PageWords({ words, children }: { words: Partial<Messages>; children: ReactNode }) {
  const frame = useMessages();
  const locale = useLocale();
  const messages = useMemo(() => ({ ...frame, ...words }), [frame, words]);
  return (
    <IntlProvider locale={locale} messages={messages}>
      {children}
    </IntlProvider>
  );
}
