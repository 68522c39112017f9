import type { Failure } from '@/lib/contract/primitives';
import { StoreError } from '@/lib/store/errors';
import { failureIds } from '@/lib/store/failure-ids';
import { type LetterPlace, newestFirst } from '@/lib/store/letters-find';
import type { LetterSpan } from '@/lib/store/letters-write';
import { failureOf as brokerFailure } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';
import { isLate, readBounds } from '../messages/read-queue';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { markCaughtUp } from './caught-up';
import { forgetQueue } from './forget-replaced';
import { giveWay, hurry } from './give-way';
import type { LetterQueue } from './queues';
import { readStretch } from './read-stretch';
import { lengthOf, ofQueue, type Stretch, unreadOf } from './stretches';

/** Letters of a queue that are read and stored in one go: a page and more, within some milliseconds. */
const CHUNK = 256;
/** When nobody waits for them: larger ones take the store less of its time, and the event loop more of its own at once. */
const LARGE_CHUNK = 1024;
/** Large ones of a queue in one turn, unless somebody else waits for one. */
const CHUNKS_IN_TURN = 128;

export interface LedgerExtent {
  groupId: number;
  /** Letters of the queues that have been read, of how many. */
  read: number;
  total: number;
  /** Letters below this one are not all read; null when everything is. */
  completeThrough: LetterPlace | null;
  /** When that one died, epoch ms. */
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
  const extent = { ...extentOf(groupId, known, ctx.now()), failures };
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
      const { span, letters, failureIds } = found;
      await ctx.store.batch(ctx.store.letters.add(groupId, span, letters, failureIds), { isRebuilt: true });
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
  { groupId, chunk, isLarge, isWaitedFor }: Reading,
) {
  const { broker, queueId, spans } = queue;
  const gap = unreadOf(spans, bounds)[0];
  if (!gap) return null;
  const stretch = { from: Math.max(gap.from, gap.to - chunk), to: gap.to };
  const below = spans.find(({ to }) => to === stretch.from);
  const above = spans.find(({ from }) => from === stretch.to);
  const pause = () => (isLarge && !isWaitedFor() ? giveWay(ctx) : undefined);
  // The letter before shows whether the queue is still the one that was read.
  const isBeforeWanted = below !== undefined;
  const { letters, placeBefore, damaged, isComplete } = await readStretch(
    ctx,
    group,
    queue,
    { ...stretch, isBeforeWanted },
    pause,
  );
  if (!isComplete) return null;
  if (placeBefore !== null && below?.lastPhyOffset != null && placeBefore !== below.lastPhyOffset) return 'other';
  const span: LetterSpan = {
    broker,
    queueId,
    ...stretch,
    fromAt: letters.edges('storedAt')?.first ?? above?.fromAt ?? null,
    fromPhyOffset: letters.edges('phyOffset')?.first ?? above?.fromPhyOffset ?? null,
    lastPhyOffset: letters.edges('phyOffset')?.last ?? null,
    damaged,
  };
  return { span, letters, failureIds: await failureIds(ctx.store, groupId, letters.failures) };
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

/** Higher than any letter: none is known to be the last that was read. */
const NOWHERE = Number.MAX_SAFE_INTEGER;

function extentOf(groupId: number, queues: readonly ReadQueue[], now: number): Omit<LedgerExtent, 'failures'> {
  let read = 0;
  let total = 0;
  const edges: LetterPlace[] = [];
  for (const { broker, spans, minOffset, maxOffset } of queues) {
    const top = spans.at(-1);
    const whole = { from: minOffset, to: Math.max(maxOffset, top?.to ?? 0) };
    const unread = unreadOf(spans, whole);
    total += whole.to - whole.from;
    read += whole.to - whole.from - lengthOf(unread);
    if (top && unread.some(({ to }) => to <= top.from))
      edges.push({ storedAt: top.fromAt ?? NOWHERE, phyOffset: top.fromPhyOffset ?? NOWHERE, broker });
  }
  const damaged = queues.reduce((sum, { spans }) => sum + spans.reduce((of, each) => of + each.damaged, 0), 0);
  const completeThrough = edges.sort(newestFirst)[0] ?? null;
  const completeSince = completeThrough && Math.min(completeThrough.storedAt, now);
  return { groupId, read, total, completeThrough, completeSince, damaged };
}
