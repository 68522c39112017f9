'use client';
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import { formatBytes } from '@/lib/format/bytes';
import { formatDuration } from '@/lib/format/durations';
import { formatCount, formatPercent, formatRate } from '@/lib/format/numbers';
import { type Clock, formatAgo, formatTime, formatWhen, formatZone, toIso } from '@/lib/format/times';
import type { Locale } from '@/lib/i18n/locale';

type Display = { locale: Locale; zone: string; serverNow: number };
const ServerNowContext = createContext(0);
const FormatContext = createContext<Format>(formatOf({ locale: 'en', zone: 'UTC', now: 0 }));

export function DisplayProvider({ locale, zone, serverNow, children }: Display & { children: ReactNode }) {
  return (
    <ServerNowContext value={serverNow}>
      <FormatProvider locale={locale} zone={zone}>
        {children}
      </FormatProvider>
    </ServerNowContext>
  );
}

/** Made once for all figures of a page. */
function FormatProvider({ locale, zone, children }: Omit<Display, 'serverNow'> & { children: ReactNode }) {
  const now = useNow();
  const format = useMemo(() => formatOf({ locale, zone, now }), [locale, zone, now]);
  return <FormatContext value={format}>{children}</FormatContext>;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const STEP_MS = 5_000;

/** The present moment, moving in steps; the server's own while hydrating, so that both render the same ages. */
export function useNow(stepMs = STEP_MS): number {
  const serverNow = useContext(ServerNowContext);
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(Date.now() / stepMs) * stepMs,
    () => serverNow,
  );
}

/** Everything that is shown with a unit, bound to language, time zone and the present moment. */
export const useFormat = (): Format => useContext(FormatContext);

export type Format = ReturnType<typeof formatOf>;

function formatOf(clock: Clock) {
  const { locale, zone, now } = clock;
  const near = (at: number): Clock => (at > now && at - now < STEP_MS ? { ...clock, now: at } : clock);
  return {
    ...clock,
    clock,
    /** Between two sentences; a Chinese full stop brings its own. */
    gap: locale === 'zh-CN' ? '' : ' ',
    count: formatCount,
    rate: formatRate,
    percent: formatPercent,
    bytes: formatBytes,
    duration: (ms: number) => formatDuration(ms, locale),
    time: (at: number, precision?: 'minute' | 'second' | 'ms') => formatTime(at, clock, precision),
    ago: (at: number) => formatAgo(at, near(at)),
    /** Age by a clock of your own, for a figure that ticks each second. */
    agoFrom: (at: number, from: number) => formatAgo(at, { locale, zone, now: Math.max(from, at) }),
    when: (at: number, precision?: 'minute' | 'second' | 'ms') => formatWhen(at, near(at), precision),
    zoneName: (at: number = now) => formatZone(at, zone),
    iso: (at: number) => toIso(at, zone),
  };
}
