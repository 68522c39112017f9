import type { TopicHistogram } from '@/lib/contract/topics';
import type { RANGES } from './search-params';

export type HistogramRange = (typeof RANGES)[number];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Length and bars; null: all that is kept. */
export const SPANS: Record<HistogramRange, { lengthMs: number; stepMs: number } | null> = {
  '1h': { lengthMs: HOUR_MS, stepMs: 2 * MINUTE_MS },
  '6h': { lengthMs: 6 * HOUR_MS, stepMs: 10 * MINUTE_MS },
  '24h': { lengthMs: 24 * HOUR_MS, stepMs: 30 * MINUTE_MS },
  all: null,
};

/** Nothing is known to be stored in the first half: the topic is younger than the range, or was quiet. What it keeps says more then. */
export function isMostlyBefore({ buckets }: Pick<TopicHistogram, 'buckets'>): boolean {
  return buckets.slice(0, Math.ceil(buckets.length / 2)).every(({ count }) => !count);
}

/** The shortest one that shows the time with something before it. */
export function rangeFor(at: number | null, now: number): HistogramRange {
  if (at === null) return '6h';
  const fits = (['1h', '6h', '24h'] as const).find((range) => now - at < (SPANS[range]?.lengthMs ?? 0) * 0.9);
  return fits ?? 'all';
}
