import { queryOptions } from '@tanstack/react-query';
import type { historyReply } from '@/lib/contract/history';
import { getJson } from './fetcher';

const HOUR_MS = 3_600_000;
export const HISTORY_RANGES = ['1h', '6h', '24h', '7d', '30d'] as const;
export type HistoryRange = (typeof HISTORY_RANGES)[number];
const LENGTH_MS: Record<HistoryRange, number> = {
  '1h': HOUR_MS,
  '6h': 6 * HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
};
/** A longer range moves slower. */
const REFRESH_MS: Record<HistoryRange, number> = {
  '1h': 10_000,
  '6h': 30_000,
  '24h': 60_000,
  '7d': 300_000,
  '30d': 300_000,
};

export const historyEnds = (range: HistoryRange, now: number) => ({ from: now - LENGTH_MS[range], to: now });

/** The last hours or days of a group. Not by snapshot: most of a range does not change from one sweep to the next. */
export const groupHistoryQuery = (
  input: { cluster?: string | undefined; group: string; range: HistoryRange },
  isLive = true,
) =>
  queryOptions({
    queryKey: ['group-history', input] as const,
    queryFn: ({ signal }) => {
      const { cluster, group, range } = input;
      const ends = historyEnds(range, Date.now());
      return getJson<typeof historyReply>('/api/groups/history', { cluster, group, ...ends }, signal);
    },
    placeholderData: (previous, query) => (isOf(query?.queryKey[1], input) ? previous : undefined),
    refetchInterval: isLive ? REFRESH_MS[input.range] : false,
  });

const isOf = (before: { cluster?: string | undefined; group: string } | undefined, now: typeof before) =>
  before?.group === now?.group && before?.cluster === now?.cluster;
