import type { Failure } from '@/lib/contract/primitives';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { StoreError } from '@/lib/store/errors';
import type { LetterSpan, NewLetter } from '@/lib/store/letters-write';
import { failureOf as brokerFailure } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';
import { causeOf } from '../messages/cause';
import { isPopRecord, originTopicOf } from '../messages/origin-topic';
import { isLate, readBounds, readQueue } from '../messages/read-queue';
import { bornAtOf } from '../messages/row';
import { inParallel } from '../redrive/in-parallel';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { markCaughtUp } from './caught-up';
import { failureOf } from './failure-of';
import { forgetQueue } from './forget-replaced';
import { giveWay, hurry } from './give-way';
import type { LetterQueue } from './queues';
import { lengthOf, ofQueue, type Stretch, unreadOf } from './stretches';

/** Letters of a queue that are read and stored in one go: a page and more, within some milliseconds. */
const CHUNK = 256;
/** When nobody waits for them: each chunk is one commit, and a commit takes the disk its time. */
const LARGE_CHUNK = 2048;
/** What a broker hands out at once, unless told otherwise (`maxTransferCountOnMessageInMemory`). */
const PULL = 32;
const PULLS_AT_ONCE = 8;
/** Large ones of a queue in one turn, unless somebody else waits for one. */
const CHUNKS_IN_TURN = 64;

export interface LedgerExtent {
  groupId: number;
  /** Letters of the queues that have been read, of how many. */
  read: number;
  total: number;
  /** Older letters than this, epoch ms, are not all read; null when everything is. */
  completeSince: number | null;
  /** Records that could not be decoded. */
  damaged: number;
  /** Brokers that answered with an error while they were read. */
  failures: Failure[];
}

interface ReadQueue extends LetterQueue {
  spans: LetterSpan[];
}

/**
 * Reads what is new in a group's dead-letter queues into the ledger, then what is older, newest first; never twice. Ends
 * after `budget` letters of each queue, or when `ctx` has to answer; more than a few chunks of them are read in large ones.
 * Without a budget it only tells how far the ledger is. Nothing is committed on the brokers.
 */
export async function readLedger(
  ctx: Ctx,
  group: string,
  queues: readonly LetterQueue[],
  budget: number,
): Promise<LedgerExtent> {
  const groupId = await ctx.store.letters.groupId(ctx.cluster, group);
  const failures: Failure[] = [];
  const isLarge = budget >= LARGE_CHUNK;
  const chunk = isLarge ? LARGE_CHUNK : Math.min(CHUNK, budget);
  let left = budget;
  let known = await spansOf(ctx, groupId, queues);
  while (left > 0 && !isLate(ctx)) {
    const chunks = isLarge ? Math.min(CHUNKS_IN_TURN, Math.ceil(left / chunk)) : 1;
    const isOver = await inTurn(ctx, group, async (isWaitedFor) => {
      const before = await spansOf(ctx, groupId, queues);
      const read = await Promise.all(
        before.map((queue) => readNext(ctx, group, { groupId, queue, chunk, chunks, failures, isLarge, isWaitedFor })),
      );
      known = await spansOf(ctx, groupId, queues);
      return !read.some(Boolean);
    });
    if (isOver) break;
    left -= chunk * chunks;
  }
  const extent = { ...extentOf(groupId, known), failures };
  if (extent.read >= extent.total) markCaughtUp(ctx, group);
  return extent;
}

/** One reader of a group at a time; between two turns another one gets its own. */
async function inTurn<T>(ctx: Ctx, group: string, work: (isWaitedFor: () => boolean) => Promise<T>): Promise<T> {
  const turns = memoryOf(ctx.client, 'ledger-turns', () => new Map<string, Promise<unknown>>());
  const begin = () => work(() => turns.get(group) !== mine);
  const mine: Promise<T> = (turns.get(group) ?? Promise.resolve()).then(begin, begin);
  turns.set(group, mine);
  hurry(ctx);
  try {
    return await mine;
  } finally {
    if (turns.get(group) === mine) turns.delete(group);
  }
}

async function spansOf(ctx: Ctx, groupId: number, queues: readonly LetterQueue[]): Promise<ReadQueue[]> {
  const spans = await ctx.store.letters.spans(groupId);
  return queues.map((queue) => ({ ...queue, spans: ofQueue(spans, queue) }));
}

interface Reading {
  groupId: number;
  queue: ReadQueue;
  chunk: number;
  /** So many, the next one pulled while the one before is stored. */
  chunks: number;
  /** In the background, which gives way to who waits for an answer. */
  isLarge: boolean;
  isWaitedFor(): boolean;
  failures: Failure[];
}

/** Of one queue the newest stretches that have not been read. False when there is none, or it cannot be read. */
async function readNext(ctx: Ctx, group: string, reading: Reading): Promise<boolean> {
  const { groupId, queue, chunks, failures, isWaitedFor } = reading;
  const { broker } = queue;
  try {
    const bounds = await forgetGone(ctx, group, groupId, queue);
    if (!bounds) return true;
    let { spans } = queue;
    let next = pullNext(ctx, group, { ...queue, spans }, bounds, reading);
    for (let left = chunks - 1; ; left--) {
      const found = await next;
      if (found === null) return left < chunks - 1;
      if (found === 'other') {
        await forgetQueue(ctx, groupId, queue);
        return true;
      }
      const isLast = left <= 0 || isLate(ctx) || isWaitedFor();
      spans = [...spans, found.span].sort((one, other) => one.from - other.from);
      if (!isLast) {
        next = pullNext(ctx, group, { ...queue, spans }, bounds, reading);
        // It is waited for once this one is stored.
        next.catch(() => {});
      }
      await ctx.store.transaction(({ letters }) => letters.add(groupId, found.span, found.rows));
      if (isLast) return true;
    }
  } catch (error) {
    // A full disk keeps letters out of the ledger; those that are in it can still be read.
    const isStore = error instanceof StoreError && error.code === 'UNAVAILABLE';
    failures.push(isStore ? { broker, code: 'STORE', message: error.message } : brokerFailure(broker, error));
    return false;
  }
}

/** The newest stretch that is in no span. Null when there is none or the time is over; `other` when the topic was made anew. */
async function pullNext(
  ctx: Ctx,
  group: string,
  queue: ReadQueue,
  bounds: Stretch,
  { chunk, isLarge, isWaitedFor }: Reading,
) {
  const { broker, queueId, spans } = queue;
  const gap = unreadOf(spans, bounds)[0];
  if (!gap) return null;
  const stretch = { from: Math.max(gap.from, gap.to - chunk), to: gap.to };
  const below = spans.find(({ to }) => to === stretch.from);
  const pause = () => (isLarge && !isWaitedFor() ? giveWay(ctx) : undefined);
  // The letter before shows whether the queue is still the one that was read.
  const { rows, damaged, isComplete } = await readStretch(ctx, group, queue, pause, {
    ...stretch,
    from: stretch.from - (below ? 1 : 0),
  });
  if (!isComplete) return null;
  const witness = rows[0]?.queueOffset === stretch.from - 1 ? rows.shift() : undefined;
  if (witness && below?.lastPhyOffset != null && witness.phyOffset !== below.lastPhyOffset) return 'other';
  const span: LetterSpan = {
    broker,
    queueId,
    ...stretch,
    fromAt: rows[0]?.storedAt ?? below?.fromAt ?? null,
    lastPhyOffset: rows.at(-1)?.phyOffset ?? null,
    damaged,
  };
  return { span, rows };
}

/** Letters that expired, or whose topic was deleted, leave the ledger. Null when the queue has to be looked at again. */
async function forgetGone(ctx: Ctx, group: string, groupId: number, queue: ReadQueue): Promise<Stretch | null> {
  const { broker, queueId, spans, minOffset, maxOffset } = queue;
  const highest = Math.max(0, ...spans.map(({ to }) => to));
  let bounds = { from: minOffset, to: maxOffset };
  if (highest > maxOffset) {
    // Somebody else may have read further since these bounds were asked.
    const now = await readBounds(ctx, { broker, queueId, topic: DLQ_PREFIX + group });
    bounds = { from: now.minOffset, to: now.maxOffset };
  }
  const below = highest > bounds.to ? Number.MAX_SAFE_INTEGER : bounds.from;
  if (!spans.some(({ from }) => from < below)) return bounds;
  await ctx.store.transaction(({ letters }) => letters.forget(groupId, { broker, queueId, below, at: ctx.now() }));
  return null;
}

async function readStretch(
  ctx: Ctx,
  group: string,
  { broker, queueId }: LetterQueue,
  pause: () => Promise<void> | undefined,
  { from, to }: Stretch,
) {
  const starts = Array.from({ length: Math.ceil((to - from) / PULL) }, (_, index) => from + index * PULL);
  const queue = { broker, queueId, topic: DLQ_PREFIX + group };
  const parts = await inParallel(starts, PULLS_AT_ONCE, async (start) => {
    await pause();
    const { messages, ...rest } = await readQueue(ctx, queue, start, Math.min(start + PULL, to));
    return { ...rest, rows: messages.map((record) => letterOf(broker, record, group)) };
  });
  return {
    rows: parts.flatMap(({ rows }) => rows).sort((a, b) => a.queueOffset - b.queueOffset),
    damaged: parts.reduce((sum, { damaged }) => sum + damaged, 0),
    isComplete: parts.every(({ isComplete }) => isComplete),
  };
}

function letterOf(broker: string, record: StoredMessage, group: string): NewLetter {
  const { properties } = record;
  const cause = causeOf(properties);
  // A POP consumer's last delivery leaves one more retry copy behind before it gives up.
  const attempts = record.reconsumeTimes - (isPopRecord(record) ? 1 : 0);
  const itemNumber = Number(properties.RDX_N);
  return {
    broker,
    queueId: record.queueId,
    queueOffset: record.queueOffset,
    phyOffset: record.physicalOffset,
    uniqKey: properties.UNIQ_KEY ?? '',
    keys: properties.KEYS ?? '',
    tag: properties.TAGS ?? '',
    originTopic: originTopicOf(record, group),
    bornAt: bornAtOf(record),
    storedAt: record.storedAt,
    reconsumeTimes: record.reconsumeTimes,
    attempts: Math.max(1, attempts),
    bodyBytes: record.storedBody.length,
    causeProperty: cause?.property ?? null,
    causeText: cause?.text ?? null,
    failure: failureOf(record, group),
    rdxOp: properties.RDX_OP || null,
    rdxN: Number.isSafeInteger(itemNumber) && properties.RDX_N ? itemNumber : null,
  };
}

function extentOf(groupId: number, queues: readonly ReadQueue[]): Omit<LedgerExtent, 'failures'> {
  let read = 0;
  let total = 0;
  let completeSince: number | null = null;
  for (const { spans, minOffset, maxOffset } of queues) {
    const top = spans.at(-1);
    const whole = { from: minOffset, to: Math.max(maxOffset, top?.to ?? 0) };
    const unread = unreadOf(spans, whole);
    total += whole.to - whole.from;
    read += whole.to - whole.from - lengthOf(unread);
    if (top && unread.some(({ to }) => to <= top.from)) completeSince = Math.max(completeSince ?? 0, top.fromAt ?? 0);
  }
  const damaged = queues.reduce((sum, { spans }) => sum + spans.reduce((of, each) => of + each.damaged, 0), 0);
  return { groupId, read, total, completeSince, damaged };
}
