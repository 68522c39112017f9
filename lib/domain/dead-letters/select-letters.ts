import type { LetterFilter } from '@/lib/contract/dead-letters';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { maskOfLetters } from '../masking/mask';
import { recordIdOf } from '../messages/record-id';
import { storedFilter } from './ledger-words';
import { openLedger } from './open-ledger';

/**
 * Ids of the letters that a filter lets through, newest first. INVALID when they are more than `max`, or while the
 * ledger has not read all: what it does not know it cannot choose.
 */
export async function selectLetters(ctx: Ctx, group: string, filter: LetterFilter, max: number): Promise<string[]> {
  const { groupId, read, total } = await openLedger(ctx, group);
  if (read < total) throw new DomainError('INVALID', 'ledger_unread', { read, total, group });
  const stored = storedFilter(filter, await maskOfLetters(ctx, group), ctx.now());
  const rows = await ctx.store.letters.page(groupId, stored, { after: null, through: null }, max + 1);
  if (rows.length > max) {
    const count = await ctx.store.letters.count(groupId, stored);
    throw new DomainError('INVALID', 'too_many_letters', { count, max, group });
  }
  return rows.map(({ broker, phyOffset }) => recordIdOf({ broker, physicalOffset: phyOffset }));
}
