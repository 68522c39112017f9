import type { DeadLetterGroupRow } from '@/lib/contract/dead-letters';
import type { Ctx } from '../ctx';
import { listDeadLetterGroups } from '../dead-letters/list-groups';

/** What the ledger knows of a group's dead letters beyond their number. */
export type Ledgers = ReadonlyMap<string, Pick<DeadLetterGroupRow, 'handled' | 'expiresAt'>>;

const GROUPS = 50;

/** Ledgers of the groups with most dead letters. Without them every dead letter counts as open. */
export async function loadLedgers(ctx: Ctx): Promise<Ledgers> {
  try {
    const { items } = await listDeadLetterGroups(ctx, { limit: GROUPS });
    return new Map(items.map(({ group, handled, expiresAt }) => [group, { handled, expiresAt }]));
  } catch (error) {
    ctx.log.warn({ cluster: ctx.cluster, err: error }, 'ledgers could not be read');
    return new Map();
  }
}
