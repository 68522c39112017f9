import type { LetterHit, LetterMatch, LetterSearchEvent, LetterSearchQuery } from '@/lib/contract/letter-search';
import type { Failure } from '@/lib/contract/primitives';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { type Letter, type LetterPlace, narrowed } from '@/lib/store/letters-find';
import { oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { decodeCursor, encodeCursor } from '../dead-letters/cursor';
import { storedFilter } from '../dead-letters/ledger-words';
import { letterOf } from '../dead-letters/list-messages';
import { openLedger } from '../dead-letters/open-ledger';
import { DomainError } from '../errors';
import { hidesProperty, maskRecord, maskRow } from '../masking/apply';
import { hiddenFromSearch } from '../masking/hidden';
import { type Mask, type MaskOf, masking, maskOfLetters } from '../masking/mask';
import { EACH, parsePath, type Step } from '../messages/json-path';
import { originTopicOf } from '../messages/origin-topic';
import { matcherOf, type Verdict } from './matcher';
import { readPage } from './read-page';

/** Letters that one search hands out. */
export const MAX_HITS = 500;
/** Letters between two looks at the ledger. */
const PAGE = 512;
/** No more often than this is it told how far the search is. */
const TELL_MS = 200;

/**
 * Looks into the letters that a filter lets through, newest first: bodies are not kept in the ledger, so they are read
 * again from the brokers. NOT_FOUND for a group nobody knows, INVALID for a path or cursor that is none, and for expired
 * letters. What it answers runs until it has ended, `ctx.signal` is aborted, or `ctx.deadlineAt` comes; letters that a
 * broker does not hand out are counted, not waited for.
 */
export async function openSearch(ctx: Ctx, query: LetterSearchQuery) {
  const { group } = query;
  if (query.state === 'expired') throw new DomainError('INVALID', 'search_expired');
  const match = matcherOf(query);
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor);
  const ledger = await openLedger(ctx, group);
  const mask = await maskOfLetters(ctx, group);
  if (mask && isHidden(mask, query)) throw hiddenFromSearch(mask);
  const filter = storedFilter(query, mask, ctx.now());
  const through = ledger.completeThrough;
  // Of those that died in the same millisecond as the first or the last one, some are counted too.
  const of = await ctx.store.letters.count(ledger.groupId, narrowed(filter, { after, through }));
  const silent = new Map<string, Failure>();
  for (const failure of ledger.failures) if (failure.code !== 'STORE') silent.set(failure.broker, failure);
  const search = {
    match,
    maskOf: masking(ctx, { group }),
    filter,
    after,
    through,
    of,
    silent,
    group,
    groupId: ledger.groupId,
  };
  const extent = { read: ledger.read, of: ledger.total, completeSince: ledger.completeSince };
  return (within: Pick<Ctx, 'signal' | 'deadlineAt'>) => run({ ...ctx, ...within }, search, extent);
}

interface Search {
  match: ReturnType<typeof matcherOf>;
  maskOf: MaskOf;
  filter: ReturnType<typeof storedFilter>;
  after: LetterPlace | null;
  through: LetterPlace | null;
  of: number;
  silent: Map<string, Failure>;
  group: string;
  groupId: number;
}

interface Hit {
  row: Letter;
  match: LetterMatch;
}

async function* run(
  ctx: Ctx,
  { match, maskOf, filter, after, through, of, silent, group, groupId }: Search,
  ledger: LetterSearchEvent['ledger'],
): AsyncGenerator<LetterSearchEvent, void> {
  const skipped = { unreadable: 0, large: 0, notJson: 0, gone: 0, silent: 0 };
  let items: LetterHit[] = [];
  let read = 0;
  let found = 0;
  let place = after;
  const atEnd = ledger.completeSince === null ? 'complete' : 'unread';
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (ended: LetterSearchEvent['ended']): LetterSearchEvent => {
    const news = items;
    items = [];
    toldAt = performance.now();
    return {
      ...{ items: news, read, of: Math.max(of, read), found, at: place?.storedAt ?? null, skipped: { ...skipped } },
      ...{ ledger, failures: oneEach([...silent.values()]), ended },
      ...{ cursor: ended === 'complete' || !place ? null : encodeCursor(place), asOf: ctx.now() },
    };
  };
  yield tell(null);
  const page = (from: LetterPlace | null) => ctx.store.letters.page(groupId, filter, { after: from, through }, PAGE);
  for (let next = page(place); !ctx.signal.aborted; ) {
    const rows = await next;
    const last = rows.at(-1);
    if (!last) return yield tell(atEnd);
    next = page(last);
    // Nobody may wait for it any more.
    next.catch(() => {});
    const verdicts = new Map<number, Verdict | 'gone' | 'silent'>();
    const isRead = await readPage(ctx, group, rows, silent, ({ id }, record) =>
      verdicts.set(
        id,
        typeof record === 'string' ? record : match(leftOf(record, maskOf(originTopicOf(record, group)))),
      ),
    );
    if (ctx.signal.aborted) return;
    if (!isRead) return yield tell('late');
    const { hits, looked } = upTo(MAX_HITS - found, rows, verdicts);
    items.push(...(await asHits(ctx, group, maskOf, hits)));
    found += hits.length;
    for (const { id } of looked) {
      const verdict = verdicts.get(id) ?? 'gone';
      if (verdict !== 'silent' && verdict !== 'gone') read += 1;
      if (typeof verdict === 'string' && verdict !== 'none') skipped[verdict] += 1;
    }
    place = looked.at(-1) ?? place;
    if (looked.length < rows.length) return yield tell('limit');
    if (rows.length < PAGE) return yield tell(atEnd);
    if (performance.now() - toldAt >= TELL_MS) yield tell(null);
  }
}

/** Nothing is found in what is hidden. */
const leftOf = (record: StoredMessage, mask: Mask | null): StoredMessage =>
  mask ? maskRecord(record, mask).record : record;

/** Whether a rule hides the very place that is looked into, in whatever letter of the group. */
function isHidden(mask: Mask, { in: place, name }: LetterSearchQuery): boolean {
  if (place === 'property') return hidesProperty(mask, name);
  return mask.body || (place === 'path' && mask.paths.some(({ steps }) => meets(steps, parsePath(name))));
}

/** Whether one path leads to, or through, what the other does. */
function meets(one: readonly Step[], other: readonly Step[]): boolean {
  const shared = Math.min(one.length, other.length);
  return Array.from({ length: shared }, (_, at) => [one[at], other[at]]).every(
    ([a, b]) => a === b || a === EACH || b === EACH,
  );
}

/** The first `room` letters of a page that match, and what was looked at until another one did. */
function upTo(room: number, rows: readonly Letter[], verdicts: ReadonlyMap<number, Verdict | 'gone' | 'silent'>) {
  const hits: Hit[] = [];
  for (const [index, row] of rows.entries()) {
    const match = verdicts.get(row.id);
    if (typeof match !== 'object') continue;
    if (hits.length === room) return { hits, looked: rows.slice(0, index) };
    hits.push({ row, match });
  }
  return { hits, looked: rows };
}

async function asHits({ store }: Ctx, group: string, maskOf: MaskOf, hits: readonly Hit[]): Promise<LetterHit[]> {
  const links = await store.letters.links(hits.map(({ row }) => row.id));
  return hits.map(({ row, match }) => ({
    ...maskRow(letterOf(row, group, links.get(row.id)), maskOf(row.originTopic)),
    match,
  }));
}
