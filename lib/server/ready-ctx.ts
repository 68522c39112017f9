import 'server-only';
import { setTimeout as delay } from 'node:timers/promises';
import type { Ctx } from '@/lib/domain/ctx';
import { runtime } from './runtime';

/** Waits for the first sweep of the cluster, within the request's deadline: a list must not answer from no picture. */
export async function afterFirstSweep(ctx: Ctx): Promise<Ctx> {
  const sweeper = runtime().clusters.get(ctx.cluster)?.sweeper;
  if (!sweeper || ctx.snapshot() || sweeper.lastError()) return ctx;
  // Without a picture by then, the endpoint says so.
  const leftMs = Math.max(0, ctx.deadlineAt - ctx.now());
  await Promise.race([sweeper.refresh(), delay(leftMs, undefined, { signal: ctx.signal, ref: false })]).catch(() => {});
  return ctx;
}
