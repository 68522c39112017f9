import type { Ctx } from '../ctx';
import { openLedger } from './open-ledger';

/** Reads all letters of the group `g` into its ledger; the number of that. */
export async function readWholeLedger({ ctx }: { ctx: Ctx }): Promise<number> {
  for (;;) {
    const { groupId, read, total } = await openLedger(ctx, 'g');
    if (read === total) return groupId;
  }
}
