import type { Ctx } from '../ctx';

/** Counting so many letters takes the store milliseconds only. */
const FEW = 20_000;
/** Counting a million takes it some hundred, during which it does nothing else: then it rests for many times as long. */
const REST_TIMES = 20;

interface Count {
  until: number;
  value: Promise<unknown>;
}
const kept = new WeakMap<Ctx['client'], Map<string, Count>>();

/** What a count over `letters` letters brought; over many it is made once in a while for all who look. */
export function counted<T>(ctx: Ctx, key: string, letters: number, count: () => Promise<T>): Promise<T> {
  if (letters <= FEW) return count();
  const counts = kept.get(ctx.client) ?? new Map<string, Count>();
  kept.set(ctx.client, counts);
  const before = counts.get(key);
  const startedAt = performance.now();
  if (before && startedAt < before.until) return before.value as Promise<T>;
  const made = { until: Number.POSITIVE_INFINITY, value: count() };
  counts.set(key, made);
  made.value.then(
    () => {
      const now = performance.now();
      made.until = now + REST_TIMES * (now - startedAt);
      for (const [each, { until }] of counts) if (until < now) counts.delete(each);
    },
    () => counts.delete(key),
  );
  return made.value;
}
