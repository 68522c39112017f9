import { TIERS, type TierMs } from '@/lib/store/history';
import { DomainError } from '../errors';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SHORTEST_MS = HOUR_MS;
const LONGEST_MS = 30 * DAY_MS;
const MAX_POINTS = 360;
/** Each a multiple of every finer tier. */
const STEPS_MS = [15_000, 60_000, 300_000, 600_000, 1_800_000, HOUR_MS, 2 * HOUR_MS];

export interface Range {
  from: number;
  to: number;
  stepMs: number;
  tierMs: TierMs;
}

/**
 * The last hour unless said otherwise, in at most 360 points, as fine as what is kept for that time. Begins at a whole
 * point; what lies ahead is left out. `DomainError` INVALID `history_range`.
 */
export function rangeOf({ from, to }: { from?: number | undefined; to?: number | undefined }, now: number): Range {
  const start = from ?? (to ?? now) - SHORTEST_MS;
  const length = (to ?? now) - start;
  if (length < SHORTEST_MS || length > LONGEST_MS || start >= now) throw new DomainError('INVALID', 'history_range');
  const end = Math.min(to ?? now, now);
  const wanted = STEPS_MS.find((step) => length / step <= MAX_POINTS) ?? 2 * HOUR_MS;
  const coarsest = TIERS.findLast(({ tierMs }) => tierMs <= wanted) ?? TIERS[0];
  const kept = TIERS.find(({ tierMs, keepMs }) => tierMs >= coarsest.tierMs && start >= now - keepMs) ?? TIERS[2];
  const { tierMs } = kept;
  const stepMs = Math.max(wanted, tierMs);
  return { from: start - (start % stepMs), to: end, stepMs, tierMs };
}
