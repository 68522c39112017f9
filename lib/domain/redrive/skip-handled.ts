import type { Item } from '@/lib/store/items';
import type { Loaded } from './load-window';
import type { RedriveRun } from './run-context';

/** By number: the letters of a window that somebody has marked handled since they were chosen. */
export async function handledAmong({ ctx, operation }: RedriveRun, items: readonly Item[]): Promise<Set<number>> {
  const places = items.map((item) => ({
    n: item.n,
    broker: item.srcBroker,
    phyOffset: item.srcPhyOffset,
    uniqKey: item.srcUniqKey,
    queueId: item.srcQueueId,
    queueOffset: item.srcQueueOffset,
  }));
  const marks = await ctx.store.handled.on(ctx.cluster, operation.input.group, places);
  return new Set(places.filter(marks.find).map(({ n }) => n));
}

/** The rest of a window: a copy of a handled letter would be consumed although the ledger calls it settled. */
export async function skipHandled(
  { ctx, operation }: RedriveRun,
  loaded: Loaded[],
  handled: ReadonlySet<number>,
): Promise<Loaded[]> {
  const skipped = loaded.filter(({ n }) => handled.has(n));
  if (skipped.length === 0) return loaded;
  const results = skipped.map(({ n }) => ({ n, state: 'SKIPPED' as const, terminalReason: 'handled' as const }));
  await ctx.store.batch([ctx.store.items.results(operation.id, results)]);
  return loaded.filter(({ n }) => !handled.has(n));
}
