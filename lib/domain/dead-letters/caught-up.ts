import type { Ctx } from '../ctx';

const caughtUp = new WeakMap<Ctx['client'], Map<string, number>>();

/** A ledger was read to its end: the picture of this moment has nothing more to say about it. */
export function markCaughtUp(ctx: Pick<Ctx, 'client' | 'snapshot'>, group: string): void {
  const groups = caughtUp.get(ctx.client) ?? new Map<string, number>();
  caughtUp.set(ctx.client, groups.set(group, ctx.snapshot()?.version ?? 0));
}

export const isCaughtUp = (ctx: Pick<Ctx, 'client' | 'snapshot'>, group: string): boolean =>
  caughtUp.get(ctx.client)?.get(group) === ctx.snapshot()?.version;
