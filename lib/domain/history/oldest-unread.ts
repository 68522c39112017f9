import { AGE, type Age } from '@/lib/store/schema';
import { lagOf } from '../lag/evaluate';
import { estimateStoredAt } from '../lag/store-time';
import type { Snapshot, SnapshotGroup, SnapshotGroupQueue } from '../snapshot/snapshot';

/** Store times found for the offsets of the sweep before, by place: a message does not get another one. */
export interface Ages {
  before: ReadonlyMap<string, StoreTime>;
  now: Map<string, StoreTime>;
}
interface StoreTime {
  storedAt: number;
  isExact: boolean;
}

/** As lists do: looked for in this many of the queues with most lag. */
const QUEUES_PER_GROUP = 4;

/**
 * Store time of the group's oldest unread message, epoch ms, without asking a broker: read exactly by somebody, else
 * estimated from samples. Unlike its age it stands still while the group does.
 */
export function oldestUnread(
  snapshot: Snapshot,
  group: SnapshotGroup,
  ages: Ages,
): { oldestAt: number | null; age: Age } {
  if (!('value' in group.lag)) return { oldestAt: null, age: AGE.unknown };
  if (group.lag.value === 0) return { oldestAt: null, age: AGE.none };
  const queues = waitingMost(group);
  const times = queues.flatMap((queue) => timeOf(snapshot, queue, ages) ?? []);
  if (times.length === 0) return { oldestAt: null, age: AGE.unknown };
  const isExact = times.length === queues.length && times.every((time) => time.isExact);
  return { oldestAt: Math.min(...times.map(({ storedAt }) => storedAt)), age: isExact ? AGE.exact : AGE.estimate };
}

const lag = ({ committedOffset, maxOffset }: SnapshotGroupQueue) =>
  lagOf({ committed: committedOffset, max: maxOffset });

function waitingMost(group: SnapshotGroup): SnapshotGroupQueue[] {
  const waiting = group.queues.filter((queue) => !queue.isRetry && lag(queue) > 0);
  return waiting.length <= QUEUES_PER_GROUP
    ? waiting
    : waiting.sort((a, b) => lag(b) - lag(a)).slice(0, QUEUES_PER_GROUP);
}

function timeOf(snapshot: Snapshot, queue: SnapshotGroupQueue, ages: Ages): StoreTime | undefined {
  const offset = Math.max(queue.committedOffset, queue.minOffset);
  const place = `${queue.broker} ${queue.topic} ${queue.queueId} ${offset}`;
  const time = exact(snapshot.storeTimes.get(place)) ?? ages.before.get(place) ?? estimate(queue, offset);
  if (time) ages.now.set(place, time);
  return time;
}

const exact = (storedAt: number | undefined) => (storedAt === undefined ? undefined : { storedAt, isExact: true });

function estimate(queue: SnapshotGroupQueue, offset: number): StoreTime | undefined {
  const storedAt = estimateStoredAt(queue.samples, offset);
  return storedAt === null ? undefined : { storedAt, isExact: false };
}
