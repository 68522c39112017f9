import 'server-only';
import type { Ctx } from '@/lib/domain/ctx';
import { runtime } from './runtime';

/** Waits for the first sweep of the cluster, within the request's deadline: a list must not answer from no picture. */
export async function afterFirstSweep(ctx: Ctx): Promise<Ctx> {
  const sweeper = runtime().clusters.get(ctx.cluster)?.sweeper;
  if (!sweeper || ctx.snapshot() || sweeper.lastError()) return ctx;
  await sweeper.refresh();
  return ctx;
}
