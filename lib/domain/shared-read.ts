import type { Ctx } from './ctx';
import { memoryOf } from './memory-of';
import { visibilityOf } from './permission';

interface Kept {
  until: number;
  value: Promise<unknown>;
}
const MOST = 500;

/**
 * One read for all who ask within `keptMs`: many viewers cost the cluster what one costs. It does not end with the
 * request that began it, only at its own limits. What fails is not kept.
 */
export function sharedRead<T>(ctx: Ctx, what: string, keptMs: number, read: (ctx: Ctx) => Promise<T>): Promise<T> {
  const reads = memoryOf(ctx.client, 'shared-reads', () => new Map<string, Kept>());
  const key = `${what} ${visibilityOf(ctx.actor, ctx.cluster)}`;
  const before = reads.get(key);
  const now = ctx.now();
  if (before && now < before.until) return before.value as Promise<T>;
  const { deadlineAt } = ctx;
  const value = read({ ...ctx, deadlineAt, signal: new AbortController().signal });
  reads.delete(key);
  reads.set(key, { until: now + keptMs, value });
  for (const [each, { until }] of reads) if (until <= now || reads.size > MOST) reads.delete(each);
  value.catch(() => {
    if (reads.get(key)?.value === value) reads.delete(key);
  });
  return value;
}

/** Every open page asks again and again. */
const VIEWED_MS = 1000;

/** What one picture of the cluster makes for all who look at it, kept for a second. */
export const sharedView = <T>(ctx: Ctx, key: string, read: (ctx: Ctx) => Promise<T>): Promise<T> =>
  sharedRead(ctx, `${key} ${ctx.snapshot()?.version}`, VIEWED_MS, read);
