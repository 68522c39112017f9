import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';

/** Counting so many letters takes the store milliseconds only. */
const FEW = 20_000;
/** Counting a million takes it some hundred, during which it does nothing else: then it rests for many times as long. */
const REST_TIMES = 20;

/** What was counted before is shown while it is counted anew; after so long nobody would call it a count any more. */
const STALE_MS = 15_000;

interface Count {
  /** Fresh until then, `performance.now()`; and shown until then. */
  until: number;
  shownUntil: number;
  value: Promise<unknown>;
  isBeingMade: boolean;
}

/** What a count over `letters` letters brought; over many it is made once in a while for all who look. */
export function counted<T>(ctx: Ctx, key: string, letters: number, count: () => Promise<T>): Promise<T> {
  if (letters <= FEW) return count();
  const counts = memoryOf(ctx.client, 'letter-counts', () => new Map<string, Count>());
  const known = counts.get(key);
  const startedAt = performance.now();
  const isShown = known !== undefined && startedAt < known.shownUntil;
  if (known && (startedAt < known.until || known.isBeingMade) && isShown) return known.value as Promise<T>;
  const value = count();
  const kept: Count =
    known && isShown ? known : { until: 0, shownUntil: Number.POSITIVE_INFINITY, value, isBeingMade: true };
  kept.isBeingMade = true;
  counts.set(key, kept);
  value.then(
    () => {
      const now = performance.now();
      const until = now + REST_TIMES * (now - startedAt);
      counts.set(key, { until, shownUntil: until + STALE_MS, value, isBeingMade: false });
      for (const [each, { shownUntil }] of counts) if (shownUntil < now) counts.delete(each);
    },
    () => counts.delete(key),
  );
  return kept.value as Promise<T>;
}
