import type { Failure } from '@/lib/contract/primitives';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { failureOf } from '../ask-brokers';
import { type Bounds, placeKey } from './cursor';

export interface TailQueue {
  broker: string;
  queueId: number;
  minOffset: number;
  maxOffset: number;
}
export interface TailRecord {
  broker: string;
  record: StoredMessage;
}
export interface TailPage<T> {
  items: T[];
  /** Null when nothing older is left on the queues that answer. */
  next: Bounds | null;
  damaged: number;
  failures: Failure[];
}

export interface TailOptions<T> {
  queues: readonly TailQueue[];
  /** From the page before; null starts at the newest. */
  bounds: Bounds | null;
  limit: number;
  /** Records looked at before a page is handed out short. */
  budget: number;
  /** Records with offsets in [from, to); a damaged one is counted, not thrown. */
  read(queue: TailQueue, from: number, to: number): Promise<{ messages: StoredMessage[]; damaged: number }>;
  /** Decides about some records at once; undefined leaves one out. */
  select(records: readonly TailRecord[]): Promise<(T | undefined)[]>;
  isLate(): boolean;
}

interface Walk {
  queue: TailQueue;
  /** Everything at or above has been read. */
  readFrom: number;
  /** Read and not yet handed out, newest last. */
  buffer: StoredMessage[];
  /** Handed out down to here. */
  bound: number;
  isBroken: boolean;
}

/** One page of several queues merged by store time, newest first. A queue that fails leaves the others intact. */
export async function readNewestFirst<T>(options: TailOptions<T>): Promise<TailPage<T>> {
  const { bounds, limit, budget } = options;
  const walks = options.queues.map((queue): Walk => {
    const bound = Math.min(bounds?.get(placeKey(queue)) ?? queue.maxOffset, queue.maxOffset);
    return { queue, readFrom: bound, buffer: [], bound, isBroken: false };
  });
  const items: T[] = [];
  const failures: Failure[] = [];
  let damaged = 0;
  let seen = 0;

  const refill = async (walk: Walk) => {
    const { queue, readFrom } = walk;
    const from = Math.max(queue.minOffset, readFrom - Math.max(32, Math.min(limit - items.length, 128)));
    try {
      const batch = await options.read(queue, from, readFrom);
      damaged += batch.damaged;
      walk.buffer = [...batch.messages].sort((a, b) => a.queueOffset - b.queueOffset);
      walk.readFrom = from;
      if (walk.buffer.length === 0) walk.bound = from;
    } catch (error) {
      failures.push(failureOf(queue.broker, error));
      walk.isBroken = true;
    }
  };

  while (items.length < limit && seen < budget) {
    for (let dry = dryOf(walks); dry.length > 0 && !options.isLate(); dry = dryOf(walks)) {
      await Promise.all(dry.map(refill));
    }
    if (dryOf(walks).length > 0) break;
    const batch = takeNewest(walks, Math.min(limit, budget - seen));
    if (batch.length === 0) break;
    seen += batch.length;
    const selected = await options.select(batch.map(({ walk, record }) => ({ broker: walk.queue.broker, record })));
    for (const [index, { walk, record }] of batch.entries()) {
      if (items.length === limit) break;
      walk.bound = record.queueOffset;
      const item = selected[index];
      if (item !== undefined) items.push(item);
    }
  }
  const hasMore = walks.some(({ queue, bound, isBroken }) => !isBroken && bound > queue.minOffset);
  const next = hasMore ? new Map(walks.map(({ queue, bound }) => [placeKey(queue), bound])) : null;
  return { items, next, damaged, failures };
}

const dryOf = (walks: readonly Walk[]) =>
  walks.filter(
    ({ buffer, readFrom, queue, isBroken }) => buffer.length === 0 && readFrom > queue.minOffset && !isBroken,
  );

/** Takes records while every queue that has more is known to hold none newer. */
function takeNewest(walks: readonly Walk[], count: number): { walk: Walk; record: StoredMessage }[] {
  const taken: { walk: Walk; record: StoredMessage }[] = [];
  while (taken.length < count && (taken.length === 0 || dryOf(walks).length === 0)) {
    let newest: Walk | undefined;
    for (const walk of walks) {
      const storedAt = walk.buffer.at(-1)?.storedAt;
      if (storedAt !== undefined && storedAt > (newest?.buffer.at(-1)?.storedAt ?? Number.NEGATIVE_INFINITY))
        newest = walk;
    }
    const record = newest?.buffer.pop();
    if (!newest || !record) break;
    taken.push({ walk: newest, record });
  }
  return taken;
}
