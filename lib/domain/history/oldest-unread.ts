import { isKnown } from '@/lib/contract/primitives';
import { AGE, type Age } from '@/lib/store/history-schema';
import { lagOf } from '../lag/evaluate';
import { estimateStoredAt, storeTimeKey } from '../lag/store-time';
import { type GroupRows, type RowPart, rowsOfPart } from '../snapshot/group-rows';
import { framesOfPart, sampleAt } from '../snapshot/queue-window';
import type { Snapshot, SnapshotGroup } from '../snapshot/snapshot';

/** Store times found for the offsets of the sweep before, by place: a message does not get another one. */
export interface Ages {
  before: ReadonlyMap<string, StoreTime>;
  now: Map<string, StoreTime>;
}
interface StoreTime {
  storedAt: number;
  isExact: boolean;
}
interface Waiting {
  part: RowPart;
  row: number;
  lag: number;
}

/** As lists do: looked for in this many of the queues with most lag. */
const QUEUES_PER_GROUP = 4;

/**
 * Store time of the group's oldest unread message, epoch ms, without asking a broker: read exactly by somebody, else
 * estimated from samples. Unlike its age it stands still while the group does.
 */
export function oldestUnread(
  { storeTimes }: Pick<Snapshot, 'storeTimes'>,
  { lag, rows }: Pick<SnapshotGroup, 'lag' | 'rows'>,
  ages: Ages,
): { oldestAt: number | null; age: Age } {
  if (!isKnown(lag)) return { oldestAt: null, age: AGE.unknown };
  if (lag.value === 0) return { oldestAt: null, age: AGE.none };
  const queues = rows ? waitingMost(rows) : [];
  const times = queues.flatMap((queue) => (rows && timeOf(storeTimes, rows, queue, ages)) ?? []);
  if (times.length === 0) return { oldestAt: null, age: AGE.unknown };
  const isExact = times.length === queues.length && times.every((time) => time.isExact);
  return { oldestAt: Math.min(...times.map(({ storedAt }) => storedAt)), age: isExact ? AGE.exact : AGE.estimate };
}

function waitingMost(rows: GroupRows): Waiting[] {
  const waiting: Waiting[] = [];
  for (const part of rows.parts) {
    if (part.isRetry) continue;
    for (const row of rowsOfPart(part)) {
      const lag = lagOf({ committed: rows.committed[row] ?? 0, max: rows.max[row] ?? 0 });
      if (lag > 0) waiting.push({ part, row, lag });
    }
  }
  return waiting.length <= QUEUES_PER_GROUP
    ? waiting
    : waiting.sort((a, b) => b.lag - a.lag).slice(0, QUEUES_PER_GROUP);
}

function timeOf(
  storeTimes: ReadonlyMap<string, number>,
  rows: GroupRows,
  { part, row }: Waiting,
  ages: Ages,
): StoreTime | undefined {
  const offset = Math.max(rows.committed[row] ?? 0, rows.min[row] ?? 0);
  const place = storeTimeKey(part.broker, part.topic, part.queueIds[row - part.from], offset);
  const time = exact(storeTimes.get(place)) ?? ages.before.get(place) ?? estimate(rows, part, row, offset);
  if (time) ages.now.set(place, time);
  return time;
}

const exact = (storedAt: number | undefined) => (storedAt === undefined ? undefined : { storedAt, isExact: true });

function estimate(rows: GroupRows, part: RowPart, row: number, offset: number): StoreTime | undefined {
  const samples = framesOfPart(rows.frames, part.broker).flatMap((frame) => sampleAt(frame, row) ?? []);
  const storedAt = estimateStoredAt(samples, offset);
  return storedAt === null ? undefined : { storedAt, isExact: false };
}
