import type { LagQueue, LagReply } from '@/lib/contract/groups';
import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import type { Ctx } from '../ctx';
import { findGroup } from '../groups/find';
import { readMembers } from '../groups/members';
import { live } from '../snapshot/live-brokers';
import { toWire } from '../snapshot/page-list';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { Snapshot, SnapshotGroup, SnapshotGroupQueue } from '../snapshot/snapshot';
import { tapeOf } from './evaluate';
import { desertedSince, flowOfQueue, lagOfQueue, lastMovedAt } from './rates';
import { estimateStoredAt, readUnreadStoredAt } from './store-time';

/** Queues whose next unread message is looked up, those with most lag first. */
const READS = 256;

/**
 * Lag per queue, in messages and by the store time of the next unread message, and who holds the queue.
 * `DomainError`: NOT_FOUND `group_not_found`, UNAVAILABLE.
 */
export async function getLag(
  ctx: Ctx,
  { group: name, topic }: { group: string; topic?: string | undefined },
): Promise<LagReply> {
  const snapshot = requireSnapshot(ctx);
  const group = await findGroup(ctx, name);
  const queues = group.queues.filter((queue) => topic === undefined || queue.topic === topic);
  const isFresh = new Set(snapshot.brokers.filter(({ state }) => state === 'ok').map((broker) => broker.name));
  const [times, connected] = await Promise.all([
    readTimes(ctx, snapshot, queues, isFresh),
    readMembers(ctx, snapshot, name),
  ]);
  const holders = new Map<string, string>();
  for (const { clientId, queues: held } of connected.members)
    for (const queue of held ?? []) holders.set(keyOf(queue), clientId);
  const rows = queues.map((queue) => {
    const key = keyOf(queue);
    return rowOf(queue, {
      time: times.get(key),
      holder: holders.get(key) ?? null,
      isFresh: isFresh.has(queue.broker),
      deserted: desertedSince(group),
      now: ctx.now(),
    });
  });
  const withoutOffset = group.queuesWithoutOffset
    .filter((queue) => topic === undefined || queue.topic === topic)
    .map((queue) => rowWithoutOffset(snapshot, queue, holders.get(keyOf(queue)) ?? null));
  return {
    group: name,
    queues: [...rows, ...withoutOffset].sort(
      (a, b) => compare(a.topic, b.topic) || compare(a.broker, b.broker) || a.queueId - b.queueId,
    ),
    totals: totalsOf(group, rows, { topic, withoutOffset: withoutOffset.length, now: ctx.now() }),
    asOf: snapshot.asOf,
    failures: connected.failures,
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const keyOf = ({ topic, broker, queueId }: { topic: string; broker: string; queueId: number }) =>
  `${topic} ${broker} ${queueId}`;

async function readTimes(
  ctx: Ctx,
  snapshot: Snapshot,
  queues: readonly SnapshotGroupQueue[],
  isFresh: ReadonlySet<string>,
) {
  const within = live(ctx);
  const waiting = queues.filter((queue) => lagOfQueue(queue) > 0);
  const times = new Map<string, UnreadTime>(
    waiting.map((queue) => [keyOf(queue), { storedAt: unknown('broker_silent'), isExact: false }]),
  );
  const readable = waiting.filter(({ broker }) => isFresh.has(broker)).sort((a, b) => lagOfQueue(b) - lagOfQueue(a));
  await Promise.all(
    readable.slice(0, READS).map(async (queue) => {
      times.set(keyOf(queue), orEstimate(queue, await readUnreadStoredAt(ctx, snapshot, queue, within)));
    }),
  );
  for (const queue of readable.slice(READS)) times.set(keyOf(queue), orEstimate(queue, unknown('budget')));
  return times;
}

interface UnreadTime {
  storedAt: Known<number>;
  isExact: boolean;
}

/** What was read, else what the samples let one guess. */
function orEstimate({ samples, committedOffset }: SnapshotGroupQueue, storedAt: Known<number>): UnreadTime {
  if (isKnown(storedAt)) return { storedAt, isExact: true };
  const estimate = estimateStoredAt(samples, committedOffset);
  return { storedAt: estimate === null ? storedAt : known(estimate, samples.at(-1)?.at ?? 0), isExact: false };
}

function rowOf(
  queue: SnapshotGroupQueue,
  found: {
    time: UnreadTime | undefined;
    holder: string | null;
    isFresh: boolean;
    deserted: number | null;
    now: number;
  },
): LagQueue {
  const { time, now } = found;
  const storedAt = time?.storedAt;
  const lagMs: Known<number> =
    storedAt === undefined
      ? known(0, now)
      : isKnown(storedAt)
        ? known(Math.max(0, now - storedAt.value), now)
        : storedAt;
  const stale = found.isFresh ? null : 'broker_silent';
  const { values, unknown: reasons } = toWire(
    { lag: known(lagOfQueue(queue), queue.asOf), lagMs },
    { lag: stale, lagMs: stale },
  );
  const { inPerS, outPerS } = flowOfQueue(queue.samples, found.deserted);
  const silent: Known<number> = unknown('broker_silent');
  const rates = toWire(found.isFresh ? { inPerS, outPerS } : { inPerS: silent, outPerS: silent });
  return {
    topic: queue.topic,
    broker: queue.broker,
    queueId: queue.queueId,
    committedOffset: queue.committedOffset,
    minOffset: queue.minOffset,
    maxOffset: queue.maxOffset,
    ...values,
    nextUnreadStoredAt: time?.isExact && storedAt && isKnown(storedAt) ? storedAt.value : null,
    lagMsExact: time?.isExact ?? true,
    ...rates.values,
    lastMovedAt: lastMovedAt(queue.samples),
    clientId: found.holder,
    status: queue.status,
    rule: queue.rule,
    tape: tapeOf(queue.samples),
    unknown: reasons || rates.unknown ? { ...rates.unknown, ...reasons } : undefined,
  };
}

function rowWithoutOffset(
  snapshot: Snapshot,
  { topic, broker, queueId }: SnapshotGroup['queuesWithoutOffset'][number],
  clientId: string | null,
): LagQueue {
  const queue = snapshot.topics.get(topic)?.queues.find((each) => each.broker === broker && each.queueId === queueId);
  return {
    topic,
    broker,
    queueId,
    committedOffset: null,
    minOffset: queue?.minOffset ?? null,
    maxOffset: queue?.maxOffset ?? null,
    lag: null,
    nextUnreadStoredAt: null,
    lagMs: null,
    lagMsExact: false,
    inPerS: null,
    outPerS: null,
    lastMovedAt: null,
    clientId,
    status: 'UNKNOWN',
    rule: { key: 'no_offset', params: {} },
    tape: tapeOf([]),
    unknown: {
      committedOffset: 'no_offset',
      lag: 'no_offset',
      lagMs: 'no_offset',
      inPerS: 'no_offset',
      outPerS: 'no_offset',
    },
  };
}

function totalsOf(
  group: SnapshotGroup,
  rows: readonly LagQueue[],
  { topic, withoutOffset, now }: { topic: string | undefined; withoutOffset: number; now: number },
): LagReply['totals'] {
  const isRetry = new Set(group.queues.filter((queue) => queue.isRetry).map((queue) => queue.topic));
  const business = rows.filter((row) => !isRetry.has(row.topic));
  const partial = withoutOffset > 0 ? 'no_offset' : group.partial === 'no_offset' ? null : group.partial;
  const sum = business.reduce((total, row) => total + (row.lag ?? 0), 0);
  const ages = business.flatMap(({ lagMs }) => lagMs ?? []);
  const unread = business.find(({ lagMs }) => lagMs === null)?.unknown?.lagMs;
  const lag: Known<number> =
    group.mode === 'BROADCASTING' ? unknown('broadcast') : partial && sum === 0 ? unknown(partial) : known(sum, now);
  const maxLagMs: Known<number> = !isKnown(lag)
    ? lag
    : ages.length > 0 || !unread
      ? known(Math.max(0, ...ages), now)
      : unknown(unread);
  const retryLag =
    topic === undefined
      ? group.retriesDue
      : known(
          rows.reduce((total, row) => total + (isRetry.has(row.topic) ? (row.lag ?? 0) : 0), 0),
          now,
        );
  const wire = toWire({ lag, retryLag, maxLagMs }, { lag: partial, maxLagMs: unread ?? partial });
  return { ...wire.values, queues: rows.length + withoutOffset, unknown: wire.unknown };
}
