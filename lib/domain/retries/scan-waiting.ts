import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { GET_ALL_DELAY_OFFSET } from '@/lib/rocketmq/requests/get-all-delay-offset';
import { GET_MAX_OFFSET } from '@/lib/rocketmq/requests/get-max-offset';
import { QUERY_CONSUME_QUEUE } from '@/lib/rocketmq/requests/query-consume-queue';
import { targetOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { isLate, readQueue } from '../messages/read-queue';
import { SCHEDULE_TOPIC } from '../snapshot/system-names';
import { ownership } from './retry-topics';

export interface WaitingRecord {
  broker: string;
  level: number;
  record: StoredMessage;
  /** Epoch ms, as the broker has it. */
  dueAt: number | null;
}
export interface WaitingScan {
  records: WaitingRecord[];
  /** False when budget, deadline or damaged records left some unread: there are at least these. */
  isComplete: boolean;
}

/** The delay queues are shared by all groups and by users' delayed messages: one page reads at most so many of them. */
const RECORDS_PER_BROKER = 4000;
const ENTRIES_PER_CALL = 1000;
/** Skipping fewer records than this costs more than reading them. */
const GAP = 16;

/**
 * What waits on one broker for a retry of a group: level n is queue n − 1 of SCHEDULE_TOPIC_XXXX, from the delivered
 * offset (45) to the end (30); due times from the queue entries (321), joined by physical offset. Records that the last
 * sweep saw belong to others are not read again.
 */
export async function scanWaiting(ctx: Ctx, broker: string, group: string): Promise<WaitingScan> {
  const { levels } = await ctx.client.call(GET_ALL_DELAY_OFFSET, undefined, targetOf(ctx, broker));
  const budget = { records: RECORDS_PER_BROKER };
  const scans = await Promise.all(
    levels.map(({ level, deliveredOffset }) => scanLevel(ctx, broker, group, level, deliveredOffset, budget)),
  );
  return {
    records: scans.flatMap(({ records }) => records),
    isComplete: scans.every(({ isComplete }) => isComplete),
  };
}

async function scanLevel(
  ctx: Ctx,
  broker: string,
  group: string,
  level: number,
  delivered: number,
  budget: { records: number },
): Promise<WaitingScan> {
  const queueId = level - 1;
  const end = await ctx.client.call(GET_MAX_OFFSET, { topic: SCHEDULE_TOPIC, queueId }, targetOf(ctx, broker));
  const owns = ownership(ctx, group);
  const found: WaitingRecord[] = [];
  let isComplete = true;
  for (const [from, to] of rangesOf(ctx, broker, level, delivered, end, owns)) {
    const until = Math.min(to, from + budget.records);
    budget.records -= until - from;
    if (until < to || isLate(ctx)) isComplete = false;
    if (until <= from || isLate(ctx)) break;
    const [records, dueAt] = await Promise.all([
      readQueue(ctx, { broker, topic: SCHEDULE_TOPIC, queueId }, from, until),
      readDueTimes(ctx, broker, queueId, from, until),
    ]);
    // Whose a damaged record is cannot be told.
    isComplete &&= records.isComplete && records.damaged === 0;
    for (const record of records.messages) {
      const { REAL_TOPIC } = record.properties;
      if (REAL_TOPIC === undefined || !owns(REAL_TOPIC)) continue;
      found.push({ broker, level, record, dueAt: dueAt.get(record.physicalOffset) ?? null });
    }
  }
  return { records: found, isComplete };
}

async function readDueTimes(ctx: Ctx, broker: string, queueId: number, from: number, to: number) {
  const times = new Map<number, number>();
  for (let index = from; index < to; index += ENTRIES_PER_CALL) {
    const input = { topic: SCHEDULE_TOPIC, queueId, index, count: Math.min(ENTRIES_PER_CALL, to - index) };
    const { entries } = await ctx.client.call(QUERY_CONSUME_QUEUE, input, targetOf(ctx, broker));
    for (const { physicalOffset, tagsCode } of entries) if (tagsCode !== null) times.set(physicalOffset, tagsCode);
  }
  return times;
}

/** What has to be read: the group's rows of the last sweep, and everything behind it. */
function rangesOf(
  ctx: Ctx,
  broker: string,
  level: number,
  delivered: number,
  end: number,
  owns: (topic: string) => boolean,
): [from: number, to: number][] {
  const known = ctx.snapshot()?.facts.get(broker)?.ladder.levels.get(level);
  // Read further than the end: that was another store.
  if (!known || known.readTo > end) return delivered < end ? [[delivered, end]] : [];
  const ranges: [number, number][] = [];
  const add = (from: number, to: number) => {
    const last = ranges.at(-1);
    if (last && from <= last[1] + GAP) last[1] = Math.max(last[1], to);
    else if (from < to) ranges.push([from, to]);
  };
  for (const { queueOffset, retryTopic } of known.waiting)
    if (queueOffset >= delivered && retryTopic !== null && owns(retryTopic)) add(queueOffset, queueOffset + 1);
  if (known.readTo < end) add(Math.max(delivered, known.readTo), end);
  return ranges;
}
