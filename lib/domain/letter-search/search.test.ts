import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LetterSearchEvent, letterSearchQuery } from '@/lib/contract/letter-search';
import { anOperation, freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { Ctx } from '../ctx';
import { FakeCluster } from '../messages/fake-cluster.fixture';
import { letterRows } from './rows';
import { MAX_HITS, openSearch } from './search';

const TOPIC = '%DLQ%g';
let store: Store;
let cluster: FakeCluster;
let ctx: Ctx;
beforeEach(async () => {
  store = await openStore({ dir: freshDir() });
  cluster = new FakeCluster({ a: '10.0.0.1:10911', b: '10.0.0.2:10911' });
  cluster.groups.add('g');
  ctx = cluster.ctx(store);
});
afterEach(() => store.close());

const die = (broker: string, storedAt: number, body: string, properties: Record<string, string> = {}) =>
  cluster.store(broker, {
    topic: TOPIC,
    storedAt,
    storedBody: Buffer.from(body),
    properties: { UNIQ_KEY: `U${storedAt}`, RETRY_TOPIC: 'orders', ...properties },
  });
const open = (query: object) =>
  openSearch(ctx, letterSearchQuery.parse({ group: 'g', in: 'body', text: 'red', ...query }));
const later = () => ({ signal: new AbortController().signal, deadlineAt: ctx.now() + 60_000 });
async function search(query: object = {}, within = later()) {
  const events: LetterSearchEvent[] = [];
  for await (const event of (await open(query))(within)) events.push(event);
  return {
    last: events.at(-1) as LetterSearchEvent,
    times: events.flatMap(({ items }) => items.map(({ storedAt }) => storedAt)),
    events,
  };
}
/** The ledger has read all of them. */
async function ledgerRead() {
  for (;;) {
    const events = (await open({}))(later());
    const { value } = await events.next();
    await events.return();
    if (!value || value.ledger.read === value.ledger.of) return;
  }
}
const pulls = () => cluster.calls.filter(({ request }) => request === 'PULL_MESSAGE');

test('letters are found newest first over all masters, with what matched', async () => {
  for (let n = 0; n < 700; n++) die(n % 3 === 0 ? 'a' : 'b', 1000 + n, n % 50 === 0 ? '{"colour":"red"}' : '{}');
  const { times, last, events } = await search();
  expect(times).toEqual(Array.from({ length: 14 }, (_, n) => 1650 - n * 50));
  expect(last).toMatchObject({ read: 700, of: 700, found: 14, ended: 'complete', cursor: null, failures: [] });
  expect(events[0]).toMatchObject({ items: [], read: 0, of: 700, ended: null });
  expect(events.flatMap(({ items }) => items)[0]).toMatchObject({
    state: 'dead',
    match: { before: '{"colour":"', text: 'red', after: '"}' },
  });
});

test('only what the filter lets through is read, and asked of the brokers', async () => {
  for (let n = 0; n < 400; n++) die('a', 1000 + n, 'red', { TAGS: n === 200 || n === 203 ? 'PAID' : 'OPEN' });
  await open({});
  const before = pulls().length;
  const { times, last } = await search({ tag: 'PAID' });
  expect(times).toEqual([1203, 1200]);
  expect(last).toMatchObject({ read: 2, of: 2 });
  // Both lie close together: one pull, of what lies between them as well.
  expect(
    pulls()
      .slice(before)
      .map(({ input }) => [input.queueOffset, input.maxMsgNums]),
  ).toEqual([[200, 4]]);
});

test('no more than the limit is handed out, and the next search goes on behind it', async () => {
  for (let n = 0; n < MAX_HITS + 40; n++) die('a', 1000 + n, 'red');
  await ledgerRead();
  const { times, last } = await search();
  expect(times).toHaveLength(MAX_HITS);
  expect(last).toMatchObject({ ended: 'limit', read: MAX_HITS, found: MAX_HITS, of: MAX_HITS + 40 });
  const rest = await search({ cursor: last.cursor });
  expect(rest.times).toEqual(Array.from({ length: 40 }, (_, n) => 1039 - n));
  expect(rest.last).toMatchObject({ ended: 'complete', found: 40, read: 40 });
  expect((await search({ text: 'blue' })).last).toMatchObject({ found: 0, ended: 'complete', read: MAX_HITS + 40 });
});

test('nothing more is asked of a broker once nobody waits', async () => {
  for (let n = 0; n < 1000; n++) die('a', 1000 + n, 'red');
  await ledgerRead();
  const stop = new AbortController();
  const events = (await open({ text: 'blue' }))({ ...later(), signal: stop.signal });
  await events.next();
  const before = pulls().length;
  const { call } = ctx.client;
  ctx.client.call = ((...given: Parameters<typeof call>) => {
    if (pulls().length >= before + 8) stop.abort();
    return call(...given);
  }) as typeof call;
  expect(await events.next()).toEqual({ value: undefined, done: true });
  // Four at a time, eight letters each of at most 32.
  expect(pulls().length - before).toBeLessThan(8 + 4 * 4);
});

test('a broker that falls silent is named and its letters counted; those of the others are found', async () => {
  for (let n = 0; n < 20; n++) die(n % 2 ? 'a' : 'b', 1000 + n, 'red');
  await open({});
  cluster.silent.add('b');
  const { times, last } = await search();
  expect(times).toEqual(Array.from({ length: 10 }, (_, n) => 1019 - 2 * n));
  expect(last).toMatchObject({
    read: 10,
    of: 20,
    skipped: { silent: 10 },
    failures: [{ broker: 'b', code: 'CONNECT' }],
  });
});

test('a broker that falls silent in the middle is not asked again', async () => {
  for (let n = 0; n < 1000; n++) die('a', 1000 + n, 'red');
  await ledgerRead();
  const start = await open({ text: 'blue' });
  cluster.silent.add('a');
  const before = pulls().length;
  const events: LetterSearchEvent[] = [];
  for await (const event of start(later())) events.push(event);
  expect(events.at(-1)).toMatchObject({ read: 0, skipped: { silent: 1000 }, failures: [{ broker: 'a' }] });
  expect(pulls().length - before).toBe(4);
});

test('a deadline ends it where it is, and the next search goes on there', async () => {
  for (let n = 0; n < 600; n++) die('a', 1000 + n, 'red');
  await ledgerRead();
  const { times, last } = await search({ text: 'red' }, { ...later(), deadlineAt: ctx.now() });
  expect(times).toEqual([]);
  expect(last).toMatchObject({ ended: 'late', read: 0, of: 600, cursor: null, failures: [] });
});

test('bodies that cannot be looked into are counted', async () => {
  die('a', 1000, '{"colour":"red"}');
  die('a', 1001, 'plain red');
  cluster.store('a', { topic: TOPIC, storedAt: 1002, sysFlag: 0x301, storedBody: Buffer.from('red') });
  cluster.store('a', { topic: TOPIC, storedAt: 1003, storedBody: Buffer.alloc(3 * 1024 * 1024, 'red') });
  const { times, last } = await search({ in: 'path', name: 'colour', is: 'equals' });
  expect(times).toEqual([1000]);
  expect(last).toMatchObject({ read: 4, skipped: { notJson: 1, unreadable: 1, large: 1, gone: 0 } });
});

test('a letter that is no longer there is counted, and never confused with what lies there now', async () => {
  die('a', 1000, 'red');
  const start = await open({});
  cluster.removeTopic('a', TOPIC);
  die('a', 5000, 'red');
  const events: LetterSearchEvent[] = [];
  for await (const event of start(later())) events.push(event);
  expect(events.at(-1)).toMatchObject({ found: 0, read: 0, skipped: { gone: 1 } });
});

test('a ledger that is still being read is searched as far as it is complete, and the next search goes on there', async () => {
  for (let n = 0; n < 700; n++) die('a', 1000 + n, n < 100 ? 'blue' : 'red');
  // What is known of b is older than what is not known of a.
  die('b', 900, 'blue');
  const { times, last } = await search({ text: 'blue' });
  expect(times).toEqual([]);
  expect(last).toMatchObject({ read: 512, of: 512, ended: 'unread', ledger: { read: 513, of: 701 } });
  const rest = await search({ text: 'blue', cursor: last.cursor });
  expect(rest.times).toEqual([...Array.from({ length: 100 }, (_, n) => 1099 - n), 900]);
  expect(rest.last).toMatchObject({ read: 189, ended: 'complete' });
});

test.each([
  [{ text: '' }, 'search_empty'],
  [{ in: 'property', name: ' ' }, 'search_nameless'],
])('%j asks for nothing that can be found', (query, problem) => {
  expect(() => open(query)).toThrow(problem);
});

test('a path or cursor that is none, and letters that the brokers have deleted, are refused before a broker is asked', async () => {
  await expect(open({ in: 'path', name: '$..x' })).rejects.toMatchObject({ key: 'bad_json_path' });
  await expect(open({ state: 'expired' })).rejects.toMatchObject({ code: 'INVALID', key: 'search_expired' });
  await expect(open({ cursor: '?' })).rejects.toMatchObject({ key: 'invalid_cursor' });
  expect(pulls()).toEqual([]);
});

test('letters by their ids come in that order, and as the ledger has them now', async () => {
  for (let n = 0; n < 3; n++) die('a', 1000 + n, 'red');
  const { events } = await search();
  const ids = events.flatMap(({ items }) => items.map(({ id }) => id)).reverse();
  const operationId = 'JOB2';
  await store.operations.insert(
    anOperation(operationId, { kind: 'handle', cluster: 'test', group: 'g', state: 'DONE' }),
  );
  await store.transaction((tables) =>
    tables.handled.mark({ cluster: 'test', group: 'g', operationId, by: 'anna', at: 5000 }, [
      { broker: 'a', phyOffset: Number(ids[1]?.split(':')[1]), uniqKey: 'U1001' },
    ]),
  );
  const { items } = await letterRows(ctx, { group: 'g', ids: [...ids, 'a:77'] });
  expect(items.map(({ id, state }) => [id, state])).toEqual([
    [ids[0], 'dead'],
    [ids[1], 'handled'],
    [ids[2], 'dead'],
  ]);
});
