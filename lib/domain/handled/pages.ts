import { covers, type Mark, type Watermark } from '@/lib/store/handled';
import type { FrozenFilter, LetterStretch, StretchEnd } from '@/lib/store/handled-by-filter';
import type { StoreTables } from '@/lib/store/tables';
import type { Ctx } from '../ctx';

/** Letters of one commit: the store does nothing else for some 30 ms. */
const PAGE = 500;

/** Where marking goes on after a pause, a restart or a crash. */
export interface Cursor {
  /** By filter: the last letter that was looked at. */
  after?: StretchEnd | null;
  /** Of all: which queue, and the place in its broker's log of the last letter that was marked. */
  queue?: number;
  above?: number;
}
/** Commits one page, which answers how many letters it changed, together with the place where the next one begins. */
export type Commit = (work: (tables: StoreTables) => Promise<number>, next: Cursor) => Promise<void>;

/** The letters of a filter from newest to oldest, in stretches of at most `size` letters of the group. */
export async function* stretchesOf(
  { handled }: Pick<StoreTables, 'handled'>,
  { groupId, from, to }: FrozenFilter,
  size: number,
  begin?: StretchEnd | null,
): AsyncGenerator<LetterStretch> {
  let after = begin ?? (to === undefined ? null : { storedAt: to, id: 0 });
  for (;;) {
    const through = await handled.endOfStretch(groupId, after, size);
    yield { after, through };
    if (!through || (from !== undefined && through.storedAt < from)) return;
    after = through;
  }
}

/** Does `work` for a filter, stretch by stretch; yields after each commit. */
export async function* byFilter(
  ctx: Ctx,
  filter: FrozenFilter,
  cursor: Cursor,
  commit: Commit,
  work: (tables: StoreTables, stretch: LetterStretch) => Promise<number>,
): AsyncGenerator<void> {
  for await (const stretch of stretchesOf(ctx.store, filter, PAGE, cursor.after)) {
    await commit((tables) => work(tables, stretch), { after: stretch.through });
    yield;
  }
}

/** Marks everything in these queues, from the oldest letter up; yields where it may end. */
export async function* markAll(
  ctx: Ctx,
  mark: Mark,
  queues: readonly Watermark[],
  cursor: Cursor,
  commit: Commit,
): AsyncGenerator<void> {
  const { handled, letters } = ctx.store;
  const groupId = await letters.groupId(mark.cluster, mark.group);
  const known = await handled.watermarks(mark.cluster, mark.group);
  for (const [index, queue] of queues.entries()) {
    if (index < (cursor.queue ?? 0)) continue;
    const newest = { ...queue, queueOffset: queue.belowOffset - 1, phyOffset: queue.lastPhyOffset ?? 0 };
    const isCovered = known.some((each) => each.operationId !== mark.operationId && covers(each, newest));
    if (isCovered) continue;
    let above = index === cursor.queue ? (cursor.above ?? -1) : -1;
    for (let isOver = false; !isOver; ) {
      const edge = await handled.letterAbove(groupId, queue, above, PAGE - 1);
      const last = edge ?? (await handled.letterBelow(groupId, queue, Number.MAX_SAFE_INTEGER, 0));
      const belowOffset = edge ? edge.queueOffset + 1 : queue.belowOffset;
      const range = { ...queue, groupId, above, upTo: Math.max(above, last?.phyOffset ?? -1) };
      let raised = belowOffset;
      const next = edge ? { queue: index, above: edge.phyOffset } : { queue: index + 1 };
      await commit(async (tables) => {
        raised = await tables.handled.raise(mark, { ...queue, belowOffset });
        return tables.handled.renewWords(range);
      }, next);
      isOver = edge === null;
      above = edge?.phyOffset ?? above;
      // What an earlier mark of all covered belongs to this one now: its words are not left half renewed.
      if (raised <= belowOffset) yield;
    }
  }
}

/** Takes back every mark of a group that is not newer, of single letters and of all; of one broker, if told so. Yields after each commit. */
export async function* reopenAll(
  ctx: Ctx,
  mark: Omit<Mark, 'operationId'>,
  { broker, newest }: { broker?: string; newest?: { single: number; all: number } | undefined },
  commit: Commit,
): AsyncGenerator<void> {
  const { handled, letters } = ctx.store;
  const groupId = await letters.groupId(mark.cluster, mark.group);
  const single = { ...(broker !== undefined && { broker }), ...(newest && { upTo: newest.single }) };
  for (let reopened = PAGE; reopened === PAGE; ) {
    await commit(async (tables) => {
      reopened = await tables.handled.reopenSome(mark, single, PAGE);
      return reopened;
    }, {});
    yield;
  }
  for (const watermark of await handled.watermarks(mark.cluster, mark.group)) {
    if (newest && watermark.id > newest.all) continue;
    if (broker !== undefined && watermark.broker !== broker) continue;
    let { belowOffset } = watermark;
    const top = await handled.letterBelow(groupId, watermark, Number.MAX_SAFE_INTEGER, 0);
    let upTo = top?.phyOffset ?? -1;
    for (let isOver = false; !isOver; ) {
      const edge = await handled.letterBelow(groupId, { ...watermark, belowOffset }, upTo, PAGE - 1);
      belowOffset = edge?.queueOffset ?? 0;
      const range = { ...watermark, groupId, above: edge ? edge.phyOffset - 1 : -1, upTo };
      await commit(async (tables) => {
        await tables.handled.lower(mark, watermark, belowOffset);
        return -(await tables.handled.renewWords(range));
      }, {});
      isOver = belowOffset === 0;
      upTo = range.above;
      yield;
    }
  }
}
