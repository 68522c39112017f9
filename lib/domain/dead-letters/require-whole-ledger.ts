import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { forgetReplaced } from './forget-replaced';
import type { OpenLedger } from './open-ledger';

/** INVALID `ledger_unread` while a ledger has not read all, or has read of a queue that began again: what it does not know it cannot choose. */
export async function requireWholeLedger(
  ctx: Ctx,
  group: string,
  { groupId, read, total, queues }: OpenLedger,
): Promise<void> {
  const replaced = await forgetReplaced(ctx, group, groupId, queues);
  const unread = replaced.reduce((sum, { minOffset, maxOffset }) => sum + maxOffset - minOffset, total - read);
  if (unread > 0) throw new DomainError('INVALID', 'ledger_unread', { read: total - unread, total, group });
}
