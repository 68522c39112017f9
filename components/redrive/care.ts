import type { RedrivePlan } from '@/lib/contract/plans';
import { CANARY_WAIT_MS } from '@/lib/contract/words';

/** What the fields of speed, canary, brake and ids hold, as typed; the speed is null until somebody types one, the canary until somebody switches it. */
export type Care = { rate: string | null; hasCanary: boolean | null; wait: string; lag: string; newIds: boolean };

export const NO_CARE: Care = {
  rate: null,
  hasCanary: null,
  wait: String(CANARY_WAIT_MS.usual / 1000),
  lag: '',
  newIds: false,
};
export const MOST_LAG = 1_000_000_000;

/** The same as the plan takes it. */
export type CareInput = { rate?: number; canary: { waitMs: number } | null; lagLimit: number | null; newIds: boolean };

export const isRate = (text: string, max: number): boolean => isWithin(text, 1, max);
export const isWait = (text: string): boolean =>
  isWithin(text, CANARY_WAIT_MS.least / 1000, CANARY_WAIT_MS.most / 1000);
export const isLag = (text: string): boolean => text === '' || isWithin(text, 1, MOST_LAG);

/** Null while a field holds something that cannot be. */
export function careInput({ rate, wait, lag, newIds }: Care, hasCanary: boolean, maxRate: number): CareInput | null {
  if ((rate !== null && !isRate(rate, maxRate)) || (hasCanary && !isWait(wait)) || !isLag(lag)) return null;
  return {
    ...(rate === null ? {} : { rate: Number(rate) }),
    canary: hasCanary ? { waitMs: Number(wait) * 1000 } : null,
    lagLimit: lag === '' ? null : Number(lag),
    newIds,
  };
}

const isWithin = (text: string, least: number, most: number): boolean =>
  /^\d{1,10}$/.test(text) && Number(text) >= least && Number(text) <= most;

/** Warnings of plans of which a canary would only wait in vain. */
const UNSEEN: ReadonlySet<string> = new Set([
  'canary_alone',
  'no_members',
  'group_not_subscribed',
  'consume_disabled',
  'brake_blind',
  'not_judged',
]);

/** Whether a canary of this plan can be seen to be consumed. */
export const isCanaryUseful = ({ judged, warnings }: Pick<RedrivePlan, 'judged' | 'warnings'>): boolean =>
  judged !== false && !warnings.some(({ key }) => UNSEEN.has(key));
