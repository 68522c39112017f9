'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { useRouter } from 'next/navigation';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { type ReactNode, useEffect, useState } from 'react';
import { LiveRegion } from '@/components/shared/live-region';
import { DisplayProvider } from '@/components/shared/use-format';
import { Toaster } from '@/components/ui/toaster';
import { TooltipLayer } from '@/components/ui/tooltip-layer';
import type { Locale } from '@/lib/i18n/locale';
import { type Words, WordsProvider } from '@/lib/i18n/words';
import { ApiProblem } from '@/lib/queries/fetcher';
import { LiveProvider } from './live';
import { remember, ZONE_COOKIE } from './preferences';

type Props = {
  locale: Locale;
  /** Of the frame: pages add their own. */
  words: Words;
  /** IANA zone of the cookie `redrive-zone`, else the server's own. */
  zone: string;
  /** Epoch ms at rendering: both sides must show the same ages. */
  serverNow: number;
  nonce: string | undefined;
  children: ReactNode;
};

/** A refusal stays one; only silence and server errors are asked again, once. */
const isWorthRetrying = (failures: number, error: Error): boolean =>
  failures < 1 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500);

/** What the first HTML brought is a plain object, and has just been asked: it is shown instead of a placeholder. */
const isOfTheBrowser = ({ state: { error } }: { state: { error: unknown } }): boolean =>
  error === null || error instanceof Error;

const newQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        retry: isWorthRetrying,
        refetchOnWindowFocus: true,
        retryOnMount: isOfTheBrowser,
        // A console on this machine can be reached without a network; and what cannot be read has to look like that.
        networkMode: 'always',
        refetchOnReconnect: true,
      },
      // What cannot be sent now must not be sent when nobody looks any more.
      mutations: { retry: false, networkMode: 'always' },
    },
  });

export function Providers({ locale, words, zone, serverNow, nonce, children }: Props) {
  // A refresh brings the nonce of its own answer; the document keeps that of the first.
  useState(() => nonce && typeof window !== 'undefined' && setNonce(nonce));
  const [client] = useState(newQueryClient);
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <WordsProvider locale={locale} words={words}>
          <DisplayProvider locale={locale} zone={zone} serverNow={serverNow}>
            <LiveProvider>
              <ZoneKeeper zone={zone} />
              {children}
              <TooltipLayer />
              <LiveRegion />
              <Toaster />
            </LiveProvider>
          </DisplayProvider>
        </WordsProvider>
      </NuqsAdapter>
    </QueryClientProvider>
  );
}

/** The first visit is rendered in the server's zone; the browser's is kept for all that follow. */
function ZoneKeeper({ zone }: { zone: string }) {
  const router = useRouter();
  useEffect(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!own || own === zone) return;
    remember(ZONE_COOKIE, own);
    // Without a network the browser would leave the page for one of its own.
    if (navigator.onLine) router.refresh();
  }, [zone, router]);
  return null;
}
