import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { SearchParamsContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Locale } from '@/lib/i18n/locale';
import { MESSAGES } from '@/lib/i18n/messages';
import { WordsProvider } from '@/lib/i18n/words';

/** Markup of what a component shows at first, in a language. */
export function render(node: ReactNode, locale: Locale = 'en'): string {
  const words = Object.fromEntries(Object.entries(MESSAGES[locale]).map(([noun, of]) => [noun, JSON.stringify(of)]));
  return renderToStaticMarkup(
    <WordsProvider locale={locale} words={words}>
      <SearchParamsContext value={new URLSearchParams()}>
        <QueryClientProvider client={new QueryClient()}>{node}</QueryClientProvider>
      </SearchParamsContext>
    </WordsProvider>,
  );
}
