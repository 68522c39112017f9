import type { z } from 'zod';
import type { LetterRow, LettersReply, lettersQuery } from '@/lib/contract/dead-letters';
import { type Letter, type LetterPlace, newestFirst } from '@/lib/store/letters-find';
import type { LetterState } from '@/lib/store/letters-schema';
import { askBrokers } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { maskRow } from '../masking/apply';
import { type Mask, masking, maskOfLetters } from '../masking/mask';
import { recordIdOf } from '../messages/record-id';
import { returnedLetters } from '../purge/returned';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { counted } from './counted';
import { decodeCursor, encodeCursor } from './cursor';
import { expiryOf, readEdge } from './edge-times';
import { whileLooking } from './give-way';
import { countOf, STATES_OF, storedFilter } from './ledger-words';
import { type OpenLedger, openLedger } from './open-ledger';
import type { LetterQueue } from './queues';

/**
 * The dead letters of a group, newest first over all masters, each with what was decided about it. Letters that arrive
 * meanwhile lie above a cursor and move nothing. While the ledger is still being read, the list ends where it is
 * complete, and `ledger` says how far that is. NOT_FOUND for a group nobody knows.
 */
export const listLetters = (ctx: Ctx, input: z.output<typeof lettersQuery>): Promise<LettersReply> =>
  whileLooking(ctx, () => list(ctx, input));

async function list(ctx: Ctx, input: z.output<typeof lettersQuery>): Promise<LettersReply> {
  const { group, limit } = input;
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor);
  const { ledger, mask, rows, now } = await readPage(ctx, input, after);
  const { groupId, queues, failures, completeSince, damaged, total } = ledger;
  const [matching, states, edges, active, returned] = await Promise.all([
    countMatching(ctx, ledger, input, mask, now),
    counted(ctx, `${groupId} states`, total, () => ctx.store.letters.countsByState(groupId)),
    oldestOf(ctx, group, queues),
    ctx.store.operations.activeOfGroup(ctx.cluster, group),
    returnedLetters(ctx.store, ctx.cluster, group, queues),
  ]);
  const shown = rows.slice(0, limit);
  const links = await ctx.store.letters.links(shown.map(({ id }) => id));
  const maskOf = masking(ctx, { group });
  const items = shown.map((row) => maskRow(letterOf(row, group, links.get(row.id)), maskOf(row.originTopic)));
  const handled = countOf(states, STATES_OF.handled);
  const redriven = countOf(states, STATES_OF.redriven);
  return {
    group,
    topic: DLQ_PREFIX + group,
    items,
    total,
    matching: matching ?? countOf(states, STATES_OF[input.state] ?? (Object.keys(states) as LetterState[])),
    counts: { open: Math.max(0, total - handled - redriven), handled, redriven },
    states,
    ledger: { read: ledger.read, of: total, completeSince },
    nextCursor: nextOf(rows, limit, after, ledger.completeThrough),
    ...edges,
    damaged,
    perBroker: perBrokerOf(queues),
    activeJob: active ? { id: active.id, kind: active.kind, state: active.state } : null,
    returned,
    asOf: now,
    failures,
  };
}

/** Null where the words of all tell it. */
async function countMatching(
  ctx: Ctx,
  { groupId, total }: OpenLedger,
  input: z.output<typeof lettersQuery>,
  mask: Mask | null,
  now: number,
): Promise<number | null> {
  const { states, ...others } = storedFilter(input, mask, now);
  if (input.state !== 'expired' && Object.values(others).every((each) => each === undefined)) return null;
  return counted(ctx, `${groupId} ${JSON.stringify(storedFilter(input, mask, 0))}`, total, () =>
    ctx.store.letters.count(groupId, { states, ...others }),
  );
}

/** Steps that a request reads on for a page. */
const MOST_STEPS = 2;

/** A page that ends where the ledger does is made whole by reading on. */
async function readPage(ctx: Ctx, input: z.output<typeof lettersQuery>, after: LetterPlace | null) {
  for (let steps = 0; ; steps++) {
    const ledger = await openLedger(ctx, input.group, steps > 0);
    // After the ledger: what has just been read may come from other topics.
    const mask = await maskOfLetters(ctx, input.group);
    const now = ctx.now();
    const filter = storedFilter(input, mask, now);
    const range = { after, through: ledger.completeThrough };
    const rows = await ctx.store.letters.page(ledger.groupId, filter, range, input.limit + 1);
    const isCut = ledger.completeThrough !== null && rows.length <= input.limit;
    if (steps === MOST_STEPS || !isCut) return { ledger, mask, rows, now };
  }
}

/** Where the next page begins; a list that ends because the ledger does goes on there, and never above where it was. */
function nextOf(
  rows: readonly Letter[],
  limit: number,
  after: LetterPlace | null,
  end: LetterPlace | null,
): string | null {
  const last = rows[limit - 1];
  if (rows.length > limit && last) return encodeCursor(last);
  return end && encodeCursor(after && newestFirst(end, after) < 0 ? after : end);
}

async function oldestOf(ctx: Ctx, group: string, queues: readonly LetterQueue[]) {
  const full = queues.filter(({ minOffset, maxOffset }) => maxOffset > minOffset);
  const brokers = [...new Set(full.map(({ broker }) => broker))];
  const asked = await askBrokers(brokers, async (broker) => {
    const mine = full.filter((queue) => queue.broker === broker);
    return Promise.all(mine.map((queue) => readEdge(ctx, group, queue, 'oldest')));
  });
  const oldest = asked.items.flatMap(({ broker, value }) => value.map((edge) => ({ broker, edge })));
  const times = oldest.flatMap(({ edge }) => (edge ? [edge.storedAt] : []));
  return { oldestAt: times.length > 0 ? Math.min(...times) : null, expiresAt: expiryOf(ctx, oldest) };
}

type LetterLink = NonNullable<ReturnType<Awaited<ReturnType<Ctx['store']['letters']['links']>>['get']>>;
const idOf = (place: LetterLink['copyOf'] | undefined) =>
  place ? recordIdOf({ broker: place.broker, physicalOffset: place.phyOffset }) : null;

export function letterOf(letter: Letter, group: string, link: LetterLink | undefined): LetterRow {
  const { broker, phyOffset, uniqKey, keys, tag, causeProperty, causeText, storedAt } = letter;
  return {
    id: recordIdOf({ broker, physicalOffset: phyOffset }),
    topic: DLQ_PREFIX + group,
    broker,
    queueId: letter.queueId,
    queueOffset: letter.queueOffset,
    uniqKey: uniqKey || null,
    keys: keys.split(' ').filter(Boolean),
    tag: tag || null,
    bornAt: letter.bornAt,
    storedAt,
    reconsumeTimes: letter.reconsumeTimes,
    originTopic: letter.originTopic,
    cause: causeProperty === null ? null : { property: causeProperty, text: causeText ?? '' },
    bodyBytes: letter.bodyBytes,
    masked: null,
    attempts: letter.attempts,
    diedAt: storedAt,
    state: letter.state,
    jobId: letter.jobId,
    handledBy: letter.handledBy,
    copyOf: idOf(link?.copyOf),
    diedAgainAs: idOf(link?.diedAgainAs),
  };
}

/** Offsets summed over the queues of a broker; its dead letters have one unless an operator gave them more. */
export function perBrokerOf(queues: readonly LetterQueue[]) {
  const sums = new Map<string, { broker: string; minOffset: number; maxOffset: number }>();
  for (const { broker, minOffset, maxOffset } of queues) {
    const sum = sums.get(broker) ?? { broker, minOffset: 0, maxOffset: 0 };
    sums.set(broker, { broker, minOffset: sum.minOffset + minOffset, maxOffset: sum.maxOffset + maxOffset });
  }
  return [...sums.values()];
}
