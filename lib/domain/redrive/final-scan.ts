import { RemotingError } from '@/lib/rocketmq/errors';
import type { Item } from '@/lib/store/items';
import type { QueueRef } from '../messages/read-queue';
import { placeOfCopy } from './prove-place';
import { isCaughtUp } from './resolve-unknown';
import { laneKey, laneOf, type RedriveRun, waitUnlessPaused } from './run-context';
import { type Copy, eachCopy, type LaneScan, scanLane } from './scan-lane';
import { isOfBroker } from './waits';

/** Items that are compared at once. */
const PAGE = 1000;

/**
 * Compares the journal with what lies in the target queues (safety §5.5 step 9): copies that were sent twice are listed,
 * those of unknown outcome found late are confirmed, those that went elsewhere or vanished are said so. First the copies
 * are counted; only where that is not what the journal says, they are looked at.
 */
export async function finalScan(run: RedriveRun): Promise<'complete' | 'paused'> {
  const { ctx, operation, times } = run;
  const { attempts } = ctx.store;
  const lanes = await attempts.triedLanes(operation.id);
  if (lanes.length === 0) return 'complete';
  // Only a repeated or unresolved send can still arrive late.
  const isRepeated = lanes.some(({ isRepeated }) => isRepeated === 1);
  if (isRepeated && !(await waitUnlessPaused(run, times.settleMs))) return 'paused';
  // A queue that lags behind the commit log shows neither a copy that arrived late nor that one is missing.
  const until = ctx.now() + times.patienceMs;
  for (const broker of new Set(lanes.map(({ tgtBroker }) => tgtBroker)))
    await atBroker(broker, () => untilCaughtUp(run, broker, until));

  const seen = new Uint8Array(1 + Math.max(...lanes.map(({ lastN }) => lastN)));
  const scans = new Map<string, Extent>();
  for (const lane of lanes.map(laneOf)) {
    const count = (n: number) => {
      if (n < seen.length) seen[n] = Math.min(2, (seen[n] ?? 0) + 1);
    };
    const scan = () => eachCopy(ctx, lane, floorOf(run, lane), operation.id, count);
    scans.set(laneKey(lane), await atBroker(lane.broker, scan));
    await operation.heartbeat();
  }
  for (let after = -1; ; ) {
    const page = await ctx.store.items.page(operation.id, { afterN: after, limit: PAGE });
    const last = page.at(-1);
    if (!last) return 'complete';
    // Of several attempts the copy may be another one's than the one that was answered.
    const tried = isRepeated ? await attempts.ofItems(operation.id, page.map(numberOf)) : [];
    const again = new Set(tried.flatMap(({ n, k }) => (k > 1 ? [n] : [])));
    const odd = page.filter((item) => seen[item.n] !== 1 || !isKnown(item) || again.has(item.n));
    if (odd.length > 0) await comparePage(run, odd, new Set(odd.map(numberOf).filter((n) => seen[n])), scans);
    await operation.heartbeat();
    after = last.n;
  }
}

const numberOf = ({ n }: Item): number => n;
type Extent = Pick<LaneScan, 'isMissingAt'>;

const floorOf = (run: RedriveRun, lane: QueueRef): number => run.floors.get(laneKey(lane)) ?? 0;
const isKnown = ({ state }: Item): boolean => state === 'CONFIRMED' || state === 'STORED_UNCERTAIN';

/** Says who could not be asked. */
export class BrokerError extends Error {
  constructor(
    readonly broker: string,
    override readonly cause: unknown,
  ) {
    super(`${broker}: ${(cause as Error).message}`);
  }
}

async function atBroker<T>(broker: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw isOfBroker(error) ? new BrokerError(broker, error) : error;
  }
}

async function untilCaughtUp(run: RedriveRun, broker: string, until: number): Promise<void> {
  while (!(await isCaughtUp(run, broker))) {
    if (run.ctx.now() >= until) throw new RemotingError('TIMEOUT', broker, `${broker} is behind with its queues`, true);
    await run.times.sleep(200);
  }
}

/** Looks at what was sent of some items; `sighted` are those of which a copy lies in its queue. */
async function comparePage(
  run: RedriveRun,
  items: readonly Item[],
  sighted: ReadonlySet<number>,
  extents: ReadonlyMap<string, Extent>,
): Promise<void> {
  const { ctx, operation } = run;
  const tried = await ctx.store.attempts.ofItems(operation.id, items.map(numberOf));
  const lanes = new Map(tried.map((attempt) => [attempt.n, laneOf(attempt)]));
  const scans = new Map<string, LaneScan>();
  for (const n of sighted) {
    const lane = lanes.get(n);
    if (!lane || scans.has(laneKey(lane))) continue;
    const scan = () => scanLane(ctx, lane, floorOf(run, lane), operation.id, sighted);
    scans.set(laneKey(lane), await atBroker(lane.broker, scan));
  }
  for (const item of items) {
    const lane = lanes.get(item.n);
    if (!lane) continue;
    const copies = scans.get(laneKey(lane))?.copies.get(item.n) ?? [];
    if (copies.length === 0) await compareByPlace(run, item, lane, extents.get(laneKey(lane)));
    else await compare(run, item, copies);
  }
}

async function compare({ ctx, operation }: RedriveRun, item: Item, copies: readonly Copy[]): Promise<void> {
  const { items, attempts } = ctx.store;
  const { n } = item;
  const [only] = copies;
  if (copies.length === 1 && isKnown(item)) {
    const tries = await attempts.list(operation.id, n);
    if (tries.some(({ k, offsetMsgId }) => k === only?.k && offsetMsgId === only.offsetMsgId)) return;
  }
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
  item: Item,
  { broker, topic }: QueueRef,
  scan: Extent | undefined,
): Promise<void> {
  const { n, terminalReason } = item;
  if (!isKnown(item)) return;
  const stored = (await ctx.store.attempts.list(operation.id, n)).findLast(({ offsetMsgId }) => offsetMsgId !== null);
  if (!stored) return;
  const place = await placeOfCopy(ctx, broker, topic, stored.offsetMsgId);
  const isTaken = terminalReason === 'consumed' || terminalReason === 'consumed_later';
  const isGone = !isTaken && stored.queueOffset !== null && scan?.isMissingAt(stored.queueOffset) === true;
  if (place === 'meant' && !isGone) return;
  const found =
    place === 'diverted'
      ? ({ state: 'REJECTED', terminalReason: 'diverted' } as const)
      : ({ state: 'NEEDS_DECISION', terminalReason: place === 'unknown' ? 'unverified' : 'vanished' } as const);
  await ctx.store.items.update(operation.id, n, found).execute();
}
