import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import type { Ctx } from '../ctx';
import { live } from '../snapshot/live-brokers';
import type { Snapshot, SnapshotGroup, SnapshotGroupQueue } from '../snapshot/snapshot';
import { lagOf } from './evaluate';
import { estimateStoredAt, readUnreadStoredAt } from './store-time';

export interface LagAge {
  /** Age of the oldest unread message, ms. */
  lagMs: Known<number>;
  /** Read from the broker, not estimated from samples. */
  isExact: boolean;
}

/** The message that waits longest is looked for in this many of the queues with most lag. */
const QUEUES_PER_GROUP = 4;
const READS = 200;
/** A list does not wait longer than this for times. */
const PATIENCE_MS = 1000;

/** How far behind in time each group is: exact reads within a budget, else an estimate, else unknown with its reason. */
export async function agesOf(
  ctx: Ctx,
  snapshot: Snapshot,
  groups: readonly SnapshotGroup[],
): Promise<Map<string, LagAge>> {
  const within = live(ctx, PATIENCE_MS);
  const brokersUp = new Set(snapshot.brokers.filter(({ state }) => state === 'ok').map(({ name }) => name));
  let budget = READS;
  const ages = await Promise.all(
    groups.map(async (group): Promise<[string, LagAge]> => {
      if (!isKnown(group.lag)) return [group.name, { lagMs: unknown(group.lag.unknown), isExact: false }];
      if (group.lag.value === 0) return [group.name, { lagMs: known(0, snapshot.asOf), isExact: true }];
      const queues = waitingMost(group).filter(({ broker }) => brokersUp.has(broker));
      const reads = Math.min(budget, queues.length);
      budget -= reads;
      return [group.name, await ageOf(ctx, snapshot, queues, reads, within)];
    }),
  );
  return new Map(ages);
}

function waitingMost(group: SnapshotGroup): SnapshotGroupQueue[] {
  const lag = ({ committedOffset, maxOffset }: SnapshotGroupQueue) =>
    lagOf({ committed: committedOffset, max: maxOffset });
  return group.queues
    .filter((queue) => !queue.isRetry && lag(queue) > 0)
    .sort((a, b) => lag(b) - lag(a))
    .slice(0, QUEUES_PER_GROUP);
}

async function ageOf(
  ctx: Ctx,
  snapshot: Snapshot,
  queues: readonly SnapshotGroupQueue[],
  reads: number,
  within: ReturnType<typeof live>,
): Promise<LagAge> {
  const times = await Promise.all(
    queues.slice(0, reads).map((queue) => readUnreadStoredAt(ctx, snapshot, queue, within)),
  );
  const exact = times.flatMap((time) => (isKnown(time) ? [time.value] : []));
  if (exact.length > 0) return { lagMs: sinceOldest(exact, ctx.now()), isExact: true };
  const estimates = queues.flatMap(({ samples, committedOffset }) => estimateStoredAt(samples, committedOffset) ?? []);
  if (estimates.length > 0) return { lagMs: sinceOldest(estimates, ctx.now()), isExact: false };
  const reason = times.find((time) => !isKnown(time)) ?? unknown('broker_silent');
  return { lagMs: reason, isExact: false };
}

const sinceOldest = (times: readonly number[], now: number) => known(Math.max(0, now - Math.min(...times)), now);
