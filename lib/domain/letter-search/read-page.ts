import type { Failure } from '@/lib/contract/primitives';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { Letter } from '@/lib/store/letters-find';
import { failureOf } from '../ask-brokers';
import { breather } from '../breather';
import type { Ctx } from '../ctx';
import { isLate, readQueue } from '../messages/read-queue';
import { inParallel } from '../redrive/in-parallel';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { type Range, rangesOf } from './ranges';

/** Pulls that one broker answers at a time, and about as many as all of them together: their bodies are in memory. */
const PULLS_PER_BROKER = 4;
const PULLS_AT_ONCE = 16;

/** Hears of each letter: its record as the broker has it now, or why there is none. */
export type OnLetter = (row: Letter, record: StoredMessage | 'gone' | 'silent') => void;

/**
 * Reads these letters again from their brokers. A broker that does not answer is added to `silent` and not asked again.
 * False when nobody waits any more, or the deadline came, before all were read.
 */
export async function readPage(
  ctx: Ctx,
  group: string,
  rows: readonly Letter[],
  silent: Map<string, Failure>,
  onLetter: OnLetter,
): Promise<boolean> {
  const ranges = rangesOf(rows);
  const brokers = [...new Set(ranges.map(({ broker }) => broker))];
  const atOnce = Math.max(1, Math.min(PULLS_PER_BROKER, Math.floor(PULLS_AT_ONCE / brokers.length)));
  const breathe = breather();
  let isComplete = true;
  const read = async (range: Range) => {
    const records = isComplete ? await recordsOf(ctx, group, range, silent) : null;
    if (records === null) isComplete = false;
    for (const row of isComplete ? range.rows : []) {
      onLetter(row, records === 'silent' ? records : (records?.get(row.phyOffset) ?? 'gone'));
      await breathe();
    }
  };
  await Promise.all(
    brokers.map((broker) =>
      inParallel(
        ranges.filter((range) => range.broker === broker),
        atOnce,
        read,
      ),
    ),
  );
  return isComplete;
}

/** By place in the log: another record at the same queue offset is not the letter. Null when there is no time left for it. */
async function recordsOf(
  ctx: Ctx,
  group: string,
  { broker, queueId, from, to }: Range,
  silent: Map<string, Failure>,
): Promise<Map<number, StoredMessage> | 'silent' | null> {
  if (ctx.signal.aborted || isLate(ctx)) return null;
  if (silent.has(broker)) return 'silent';
  try {
    const queue = { broker, queueId, topic: DLQ_PREFIX + group };
    const { messages, isComplete } = await readQueue(ctx, queue, from, to);
    return isComplete ? new Map(messages.map((record) => [record.physicalOffset, record])) : null;
  } catch (error) {
    // What was cut short by us says nothing about the broker.
    if (ctx.signal.aborted || isLate(ctx)) return null;
    silent.set(broker, failureOf(broker, error));
    return 'silent';
  }
}
