import type { DeadLetterGroupRow } from '@/lib/contract/dead-letters';
import type { Ctx } from '../ctx';
import { listDeadLetterGroups } from '../dead-letters/list-groups';
import { sharedRead } from '../shared-read';

/** What the ledger knows of a group's dead letters beyond their number. */
export type Ledgers = ReadonlyMap<string, Pick<DeadLetterGroupRow, 'handled' | 'redriven' | 'expiresAt'>>;

const GROUPS = 50;
/** Every open page asks, every few seconds. */
const KEPT_MS = 1000;

/** Ledgers of the groups with most dead letters, at most a second old. Without them every dead letter counts as open. */
export function loadLedgers(ctx: Ctx): Promise<Ledgers> {
  return sharedRead(ctx, 'ledgers', KEPT_MS, load).catch((error) => {
    ctx.log.warn({ cluster: ctx.cluster, err: error }, 'ledgers could not be read');
    return new Map();
  });
}

async function load(ctx: Ctx): Promise<Ledgers> {
  const { items } = await listDeadLetterGroups(ctx, { limit: GROUPS });
  return new Map(items.map(({ group, handled, redriven, expiresAt }) => [group, { handled, redriven, expiresAt }]));
}
