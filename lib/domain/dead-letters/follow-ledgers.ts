import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';
import { isLate } from '../messages/read-queue';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { isCaughtUp } from './caught-up';
import type { LetterQueue } from './queues';
import { readLedger } from './read-ledger';

/** A ledger that somebody looks at is read to its end first; asked again every few seconds meanwhile. */
const WANTED_MS = 30_000;
/** Letters of each queue that are read in one go for a group that nobody looks at, and in all of a turn. */
const PER_GROUP = 4096;
const PER_TURN = 16_384;

const wanted = ({ client }: Pick<Ctx, 'client'>) => memoryOf(client, 'wanted-ledgers', () => new Map<string, number>());

/** A reader that has not looked for so long has ended. */
const ALIVE_MS = 15_000;
const reader = ({ client }: Pick<Ctx, 'client'>) =>
  memoryOf(client, 'ledger-reader', () => ({ at: Number.NEGATIVE_INFINITY }));

/** Whether what is older will be read without anybody's help. */
export const isFollowed = (ctx: Pick<Ctx, 'client' | 'now'>): boolean => ctx.now() - reader(ctx).at < ALIVE_MS;

/** Told by whoever shows a ledger that has not been read to its end. */
export function followLedger(ctx: Pick<Ctx, 'client' | 'now'>, group: string): void {
  wanted(ctx).set(group, ctx.now());
}

/**
 * One turn of the background reader: new letters of all groups, then older ones, as far as `ctx` has time. Asks nothing
 * when the offsets of the last sweep say that everything has been read. True when something is left that can be read now.
 */
export async function followLedgers(ctx: Ctx): Promise<boolean> {
  reader(ctx).at = ctx.now();
  const behind = await unreadGroups(ctx);
  const looked = wanted(ctx);
  for (const [group, at] of looked) if (ctx.now() - at > WANTED_MS) looked.delete(group);
  behind.sort((a, b) => Number(looked.has(b.group)) - Number(looked.has(a.group)) || a.unread - b.unread);
  let left = PER_TURN;
  // What was purged since the last sweep, or is refused to us, stays unread whatever we ask.
  let isReadable = false;
  for (const { group, queues, unread } of behind) {
    if (isLate(ctx) || left <= 0) return isReadable;
    const isWanted = looked.has(group);
    const { read, total } = await readLedger(ctx, group, queues, isWanted ? Number.POSITIVE_INFINITY : PER_GROUP);
    isReadable ||= total - read < unread;
    if (!isWanted && read > 0) left -= PER_GROUP;
  }
  return isReadable && behind.some(({ unread }) => unread > PER_GROUP);
}

async function unreadGroups(ctx: Ctx): Promise<{ group: string; queues: LetterQueue[]; unread: number }[]> {
  const snapshot = ctx.snapshot();
  if (!snapshot) return [];
  const read = await ctx.store.letters.readOfCluster(ctx.cluster);
  const silent = new Set(snapshot.brokers.filter(({ state }) => state !== 'ok').map(({ name }) => name));
  return [...snapshot.topics.values()].flatMap(({ name, type, queues }) => {
    if (type !== 'DLQ') return [];
    const group = name.slice(DLQ_PREFIX.length);
    if (isCaughtUp(ctx, group)) return [];
    const here = queues.filter(({ broker }) => !silent.has(broker));
    const unread = here.reduce((sum, { broker, queueId, minOffset, maxOffset }) => {
      const known = read.get(`${group} ${broker} ${queueId}`);
      // A topic that was deleted or shortened has to be looked at as well.
      const isMoved = known !== undefined && (known.from < minOffset || known.to > maxOffset);
      return sum + Math.max(isMoved ? 1 : 0, maxOffset - minOffset - (known?.count ?? 0));
    }, 0);
    return unread > 0 ? [{ group, queues: here, unread }] : [];
  });
}
