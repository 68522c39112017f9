import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';

const caughtUp = ({ client }: Pick<Ctx, 'client'>) => memoryOf(client, 'caught-up', () => new Map<string, number>());

/** A ledger was read to its end: the picture of this moment has nothing more to say about it. */
export function markCaughtUp(ctx: Pick<Ctx, 'client' | 'snapshot'>, group: string): void {
  caughtUp(ctx).set(group, ctx.snapshot()?.version ?? 0);
}

export const isCaughtUp = (ctx: Pick<Ctx, 'client' | 'snapshot'>, group: string): boolean =>
  caughtUp(ctx).get(group) === ctx.snapshot()?.version;
