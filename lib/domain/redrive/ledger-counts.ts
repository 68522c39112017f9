import type { Operation } from '@/lib/store/operations';
import type { StoreTables } from '@/lib/store/tables';
import { memoryOf } from '../memory-of';

/** Items by journal state, with stored ones told apart by what became of them. Sums to the selection. */
export async function outcomesOf(
  store: Pick<StoreTables, 'db' | 'items'>,
  operationId: string,
): Promise<Record<string, number>> {
  const rows = await store.items.counts(operationId);
  const counts: Record<string, number> = {};
  for (const { state, terminalReason, count } of rows) {
    const name = outcomeName(state, terminalReason);
    counts[name] = (counts[name] ?? 0) + count;
  }
  const rest = await unlisted(store, operationId);
  if (rest) counts[rest.name] = (counts[rest.name] ?? 0) + rest.count;
  return counts;
}

/** From so many letters on, counting takes a time that viewers share. */
const MANY = 50_000;
const SHARE = 10;
interface Seen {
  counts: Record<string, number>;
  until: number;
}

/** As `outcomesOf`, for whoever looks: of a large job as old as ten counts take, so that counting takes a tenth of the time. */
export async function outcomesSeen(
  store: Pick<StoreTables, 'db' | 'items'>,
  { id, state }: Pick<Operation, 'id' | 'state'>,
): Promise<Record<string, number>> {
  const kept = memoryOf(store.db, 'outcomes-seen', () => new Map<string, Seen>());
  const key = `${id} ${state}`;
  const known = kept.get(key);
  if (known && Date.now() < known.until) return known.counts;
  const began = Date.now();
  const counts = await outcomesOf(store, id);
  if (Object.values(counts).reduce((sum, count) => sum + count, 0) < MANY) return counts;
  kept.clear();
  kept.set(key, { counts, until: Date.now() + SHARE * (Date.now() - began) });
  return counts;
}

/** Letters that have no item: nothing was tried with them. */
async function unlisted({ db }: Pick<StoreTables, 'db'>, operationId: string) {
  const row = await db
    .selectFrom('selection')
    .select(['count', 'listed', 'isOver'])
    .where('operationId', '=', operationId)
    .executeTakeFirst();
  if (!row || row.count <= row.listed) return null;
  return { name: row.isOver === 1 ? 'SKIPPED_BY_CANCEL' : 'SELECTED', count: row.count - row.listed };
}

/** `CONSUMED`, `FAILED_AGAIN` and `DEAD_AGAIN` are confirmed copies whose fate is known; a duplicate stays one whatever its fate. */
export function outcomeName(state: string, terminalReason: string | null): string {
  const isStored = state === 'CONFIRMED' || state === 'STORED_UNCERTAIN';
  if (isStored && (terminalReason === 'consumed' || terminalReason === 'consumed_later')) return 'CONSUMED';
  if (isStored && terminalReason === 'failed_again') return 'FAILED_AGAIN';
  if (isStored && terminalReason === 'dead_again') return 'DEAD_AGAIN';
  return state;
}
