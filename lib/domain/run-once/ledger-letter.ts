import type { Letter } from '@/lib/store/letters-find';
import type { Ctx } from '../ctx';
import { openLedger } from '../dead-letters/open-ledger';

/** The ledger's row of a letter: its word and its failure. Undefined while the ledger has not been read so far down. */
export async function ledgerLetter(
  ctx: Ctx,
  group: string,
  { broker, physicalOffset }: { broker: string; physicalOffset: number },
): Promise<Letter | undefined> {
  const { groupId } = await openLedger(ctx, group);
  return ctx.store.db
    .selectFrom('letter')
    .selectAll()
    .where('groupId', '=', groupId)
    .where('broker', '=', broker)
    .where('phyOffset', '=', physicalOffset)
    .where('goneAt', 'is', null)
    .executeTakeFirst();
}
