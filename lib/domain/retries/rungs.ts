import type { z } from 'zod';
import type { retryRung } from '@/lib/contract/messages';
import type { Snapshot } from '../snapshot/snapshot';

export type RetryRung = z.infer<typeof retryRung>;
export interface Waiting {
  /** Number of the retry it waits for; the first retry is attempt 2. */
  retry: number;
  dueAt: number | null;
}

/** `SubscriptionGroupConfig.retryMaxTimes`. */
const DEFAULT_RETRIES = 16;
/** `AbstractSendMessageProcessor`: without a wish of the listener, retry n waits on level 2 + n. */
const LEVEL_BEFORE_FIRST = 2;

/** One rung per retry of a group, with what waits on it. Delays by the broker's own table. */
export function rungsOf(
  waiting: readonly Waiting[],
  retryMaxTimes: number | null,
  delayLevelsMs: readonly number[] | null,
): RetryRung[] {
  const top = Math.min(Math.max(retryMaxTimes ?? DEFAULT_RETRIES, 1), 64);
  const highest = waiting.reduce((most, { retry }) => Math.max(most, retry), Math.min(top, DEFAULT_RETRIES));
  return Array.from({ length: highest }, (_, index) => {
    const retry = index + 1;
    const here = waiting.filter((each) => each.retry === retry);
    const times = here.flatMap(({ dueAt }) => dueAt ?? []);
    const delayLevel = Math.min(LEVEL_BEFORE_FIRST + retry, delayLevelsMs?.length ?? 18);
    return {
      retry,
      delayLevel,
      delayMs: delayLevelsMs?.[delayLevel - 1] ?? null,
      waiting: here.length,
      nextDueAt: times.length > 0 ? Math.min(...times) : null,
    };
  });
}

export const retryOfLevel = (level: number): number => Math.max(1, level - LEVEL_BEFORE_FIRST);

/** The delay table of any broker that told it; within a cluster they are the same unless somebody made them differ. */
export const delayLevelsOf = (snapshot: Snapshot | null): number[] | null =>
  snapshot?.brokers.find(({ delayLevelsMs }) => delayLevelsMs !== null)?.delayLevelsMs ?? null;
