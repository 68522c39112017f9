import type { Loaded } from './load-window';
import type { RedriveRun } from './run-context';

/**
 * The letters of a window that are still to be sent. One that somebody has marked handled since it was chosen is not: it would
 * be consumed although the ledger calls it settled.
 */
export async function skipHandled({ ctx, operation }: RedriveRun, loaded: Loaded[]): Promise<Loaded[]> {
  const { handled, items } = ctx.store;
  if (loaded.length === 0) return loaded;
  const places = loaded.map(({ n, letter }) => ({ ...letter, n, phyOffset: letter.physicalOffset }));
  const marks = await handled.on(ctx.cluster, operation.input.group, places);
  const skipped = new Set(places.filter(marks.find).map(({ n }) => n));
  if (skipped.size === 0) return loaded;
  const results = [...skipped].map((n) => ({ n, state: 'SKIPPED' as const, terminalReason: 'handled' as const }));
  await ctx.store.batch([items.results(operation.id, results)]);
  return loaded.filter(({ n }) => !skipped.has(n));
}
