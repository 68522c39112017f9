import type { Item } from '@/lib/store/items';
import { placeOfCopy } from './prove-place';
import { dispatched, targetOf } from './resolve-unknown';
import { laneKey, type RedriveRun, waitUnlessPaused } from './run-context';
import { type Copy, type LaneScan, scanLane } from './scan-lane';

/**
 * Compares the journal with what lies in the target queues (safety §5.5 step 9): copies that were sent twice are listed,
 * those of unknown outcome found late are confirmed, those that went elsewhere or vanished are said so.
 */
export async function finalScan(run: RedriveRun): Promise<'complete' | 'paused'> {
  const { ctx, operation, times } = run;
  const attempts = await ctx.store.attempts.ofRange(operation.id, 0, operation.input.letters.length);
  // Only a repeated or unresolved send can still arrive late.
  const isRepeated = attempts.some(({ resolvedBy }) => resolvedBy !== 'ANSWER');
  if (isRepeated && !(await waitUnlessPaused(run, times.settleMs))) return 'paused';
  const wasTried = new Set(attempts.map(({ n }) => n));
  const items = (await ctx.store.items.page(operation.id, { limit: 10_000 })).filter(({ n }) => wasTried.has(n));
  // A queue that lags behind the commit log shows neither a copy that arrived late nor that one is missing.
  const until = ctx.now() + times.patienceMs;
  for (const broker of new Set(items.map(({ n }) => targetOf(run, n).broker))) await dispatched(run, broker, until);
  const scans = new Map<string, LaneScan>();
  for (const { n } of items) {
    const to = targetOf(run, n);
    const key = laneKey(to);
    if (!scans.has(key)) scans.set(key, await scanLane(ctx, to, run.floors.get(key) ?? 0, operation.id));
  }
  for (const item of items) {
    await compare(run, item, scans.get(laneKey(targetOf(run, item.n))));
  }
  return 'complete';
}

async function compare(run: RedriveRun, item: Item, scan: LaneScan | undefined): Promise<void> {
  const { ctx, operation } = run;
  const { items, attempts } = ctx.store;
  const { n, state } = item;
  const copies: readonly Copy[] = scan?.copies.get(n) ?? [];
  if (copies.length === 0) return compareByPlace(run, item, scan);
  const isKnown = state === 'CONFIRMED' || state === 'STORED_UNCERTAIN';
  if (copies.length === 1 && isKnown) return;
  const resolvedAt = ctx.now();
  await ctx.store.batch([
    ...copies.map(({ k, offsetMsgId, queueOffset }) =>
      attempts.update(operation.id, n, k, { offsetMsgId, queueOffset, resolvedBy: 'SCAN', resolvedAt }),
    ),
    items.update(operation.id, n, { state: copies.length > 1 ? 'DUPLICATED' : 'CONFIRMED', terminalReason: null }),
  ]);
}

/**
 * Not in its lane: the record says itself where it is. It can be read by its position long after its topic was deleted;
 * then nobody will receive it any more.
 */
async function compareByPlace(
  { ctx, operation }: RedriveRun,
  { n, state, terminalReason }: Item,
  scan: LaneScan | undefined,
): Promise<void> {
  if (state !== 'CONFIRMED' && state !== 'STORED_UNCERTAIN') return;
  const letter = operation.input.letters[n];
  const stored = (await ctx.store.attempts.list(operation.id, n)).findLast(({ offsetMsgId }) => offsetMsgId !== null);
  if (!letter || !stored) return;
  const place = await placeOfCopy(ctx, letter.to.broker, letter.to.topic, stored.offsetMsgId);
  const isTaken = terminalReason === 'consumed' || terminalReason === 'consumed_later';
  const isGone = !isTaken && stored.queueOffset !== null && scan?.isMissingAt(stored.queueOffset) === true;
  if (place === 'meant' && !isGone) return;
  const found =
    place === 'diverted'
      ? ({ state: 'REJECTED', terminalReason: 'diverted' } as const)
      : ({ state: 'NEEDS_DECISION', terminalReason: place === 'unknown' ? 'unverified' : 'vanished' } as const);
  await ctx.store.items.update(operation.id, n, found).execute();
}
