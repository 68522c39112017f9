import type { DeadLetterGroupRow } from '@/lib/contract/dead-letters';
import type { Ctx } from '../ctx';
import { listDeadLetterGroups } from '../dead-letters/list-groups';
import type { Snapshot } from '../snapshot/snapshot';

/** What the ledger knows of a group's dead letters beyond their number. */
export type Ledgers = ReadonlyMap<string, Pick<DeadLetterGroupRow, 'handled' | 'expiresAt'>>;

const GROUPS = 50;
/** Every open page asks, every few seconds. */
const KEPT_MS = 1000;
const loaded = new WeakMap<Snapshot, { at: number; ledgers: Promise<Ledgers> }>();

/** Ledgers of the groups with most dead letters, at most a second old. Without them every dead letter counts as open. */
export function loadLedgers(ctx: Ctx): Promise<Ledgers> {
  const snapshot = ctx.snapshot();
  const before = snapshot ? loaded.get(snapshot) : undefined;
  if (before && ctx.now() - before.at < KEPT_MS) return before.ledgers;
  const ledgers = load(ctx);
  if (snapshot) loaded.set(snapshot, { at: ctx.now(), ledgers });
  return ledgers;
}

async function load(ctx: Ctx): Promise<Ledgers> {
  try {
    const { items } = await listDeadLetterGroups(ctx, { limit: GROUPS });
    return new Map(items.map(({ group, handled, expiresAt }) => [group, { handled, expiresAt }]));
  } catch (error) {
    ctx.log.warn({ cluster: ctx.cluster, err: error }, 'ledgers could not be read');
    return new Map();
  }
}
