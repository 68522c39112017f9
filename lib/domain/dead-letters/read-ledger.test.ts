import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { anOperation } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { type Commit, markAll, reopenAll } from '../handled/pages';
import { FakeCluster } from '../messages/fake-cluster.fixture';
import { followLedgers } from './follow-ledgers';
import { listFailures } from './list-failures';
import { listLetters } from './list-messages';
import { selectLetters } from './select-letters';

const TOPIC = '%DLQ%g';
const HOUR_MS = 3_600_000;
const NOW = 1_000 * HOUR_MS;

let dir: string;
let store: Store;
let cluster: FakeCluster;
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'ledger-'));
  store = await openStore({ dir });
  cluster = new FakeCluster({ a: '10.0.0.1:10911', b: '10.0.0.2:10911' });
  cluster.groups.add('g');
  // One client, as in the server: what is remembered hangs on it.
  shared = cluster.ctx(store, null, () => NOW);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

let shared: ReturnType<FakeCluster['ctx']>;
const ctx = () => shared;
const die = (broker: string, storedAt: number, properties: Record<string, string> = {}, body = '{"id":1}') =>
  cluster.store(broker, {
    topic: TOPIC,
    storedAt,
    storedBody: Buffer.from(body),
    properties: { UNIQ_KEY: `U${storedAt}`, RETRY_TOPIC: 'orders', ...properties },
  });
const dieMany = (broker: string, count: number, from = 1000) => {
  for (let n = 0; n < count; n++) die(broker, from + n);
};
const list = (input: object = {}) => listLetters(ctx(), { group: 'g', state: 'all', limit: 50, ...input });
const pulls = () => cluster.calls.filter(({ request }) => request === 'PULL_MESSAGE');
const pulled = (calls = pulls()) => calls.reduce((sum, { input }) => sum + input.maxMsgNums, 0);

test('no letter is pulled twice, and nothing when nothing is new', async () => {
  dieMany('a', 300);
  await list();
  const before = pulls().length;
  await list();
  // The oldest one is looked at for its expiry, once a minute.
  expect(pulls().length).toBe(before);
  die('a', 5000);
  const { items } = await list();
  expect(items[0]?.storedAt).toBe(5000);
  // The new one, and the one before it as a witness that the queue is the same.
  expect(pulled(pulls().slice(before))).toBe(2);
});

test('two readers that know nothing of each other write no letter twice', async () => {
  dieMany('a', 1200);
  dieMany('b', 700);
  // As in a build, where each bundle has its own memory: nothing but the store is shared.
  const readers = [cluster.ctx(store, null, () => NOW), cluster.ctx(store, null, () => NOW)];
  const read = async (reader: (typeof readers)[number]) => {
    for (;;) {
      const { ledger } = await listLetters(reader, { group: 'g', state: 'all', limit: 1 });
      if (ledger.read === ledger.of) return;
    }
  };
  await Promise.all(readers.map(read));
  expect(await list()).toMatchObject({ total: 1900, matching: 1900, states: { dead: 1900 } });
});

test('a ledger that is being read shows the newest at once, says how far it is, and ends where it is complete', async () => {
  dieMany('a', 2000);
  dieMany('b', 10, 100);
  const first = await list();
  expect(first.ledger).toEqual({ read: 522, of: 2010, completeSince: 2488 });
  expect(first.items[0]?.storedAt).toBe(2999);
  // What is not found so far may lie below: the list goes on where the ledger does.
  expect(await list({ q: 'nobody' })).toMatchObject({ items: [], nextCursor: expect.any(String) });
  // What is known of b is older than what is not known of a.
  const seen = [...first.items];
  for (let { nextCursor } = first; nextCursor; ) {
    const page = await list({ cursor: nextCursor, limit: 200 });
    seen.push(...page.items);
    nextCursor = page.nextCursor;
  }
  expect(seen.map(({ storedAt }) => storedAt)).toEqual([
    ...Array.from({ length: 2000 }, (_, n) => 2999 - n),
    ...Array.from({ length: 10 }, (_, n) => 109 - n),
  ]);
  expect((await list()).ledger).toEqual({ read: 2010, of: 2010, completeSince: null });
});

test('while somebody reads on in the background, a look at the newest letters does not, and leafing further does', async () => {
  dieMany('a', 2000);
  await list();
  // A turn of the background reader: it has no picture of the cluster yet, so it reads nothing.
  await followLedgers(ctx());
  const before = pulls().length;
  const first = await list({ limit: 200 });
  expect(first.ledger.read).toBe(512);
  expect(pulls().length).toBe(before);
  const second = await list({ limit: 200, cursor: first.nextCursor });
  expect(second.ledger.read).toBe(512);
  const third = await list({ limit: 200, cursor: second.nextCursor });
  expect(third.ledger.read).toBe(768);
  expect(third.items).toHaveLength(200);
  // What is new is read all the same.
  die('a', 9000);
  expect((await list()).items[0]?.storedAt).toBe(9000);
});

test('of a long queue that nobody has looked at a page is read at first, and all of a short one', async () => {
  await followLedgers(ctx());
  dieMany('a', 513);
  const long = await list();
  expect(long.ledger.read).toBe(128);
  expect(long.items).toHaveLength(50);
  dieMany('b', 1);
  expect((await list()).ledger.read).toBe(514);
});

test('letters of one moment are listed as far as they are read, and as the ledger goes on each of them once', async () => {
  await followLedgers(ctx());
  for (const broker of ['a', 'b']) for (let n = 0; n < 600; n++) die(broker, 9000, { UNIQ_KEY: `${broker}${n}` });
  for (let n = 0; n < 40; n++) die('b', 9001);
  const first = await list();
  expect(first.ledger).toEqual({ read: 256, of: 1240, completeSince: 9000 });
  const seen = [...first.items];
  for (let { nextCursor } = first; nextCursor; ) {
    const page = await list({ cursor: nextCursor, limit: 33 });
    seen.push(...page.items);
    nextCursor = page.nextCursor;
  }
  expect(seen.slice(0, 50).map(({ storedAt }) => storedAt)).toEqual([
    ...Array.from({ length: 40 }, () => 9001),
    ...Array.from({ length: 10 }, () => 9000),
  ]);
  expect(seen).toHaveLength(1240);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(1240);
  // The same order without a ledger that has grown.
  const again = [...(await list({ limit: 200 })).items];
  expect(again.map(({ id }) => id)).toEqual(seen.slice(0, 200).map(({ id }) => id));
});

test.each([
  [{ limit: 50 }, 128],
  [{ limit: 200 }, 128 + 256],
  [{ tag: 'deep' }, 128 + 2 * 256],
])('a first page of %o that is cut where the ledger ends is read on: %i', async (input, read) => {
  await followLedgers(ctx());
  for (let n = 0; n < 1000; n++) die('a', 9000 + n, n < 600 ? { TAGS: 'deep' } : {});
  expect((await list(input)).ledger.read).toBe(read);
});

test('letters that die while somebody leafs through a ledger that is being read do not send him up again', async () => {
  await followLedgers(ctx());
  dieMany('a', 2000);
  const first = await list({ limit: 200 });
  const second = await list({ limit: 200, cursor: first.nextCursor });
  const seen = [...first.items, ...second.items];
  dieMany('a', 2000, 5000);
  for (let { nextCursor } = second; nextCursor; ) {
    const page = await list({ limit: 200, cursor: nextCursor });
    seen.push(...page.items);
    nextCursor = page.nextCursor;
  }
  expect(seen.map(({ storedAt }) => storedAt)).toEqual(Array.from({ length: 2000 }, (_, n) => 2999 - n));
});

test('a long queue is gone on with at once, but not while its broker is silent', async () => {
  dieMany('a', 6000);
  const queues = [{ broker: 'a', queueId: 0, minOffset: 0, maxOffset: 6000 }];
  const topics = new Map([[TOPIC, { name: TOPIC, type: 'DLQ', queues }]]);
  const swept = cluster.ctx(store, { version: 1, brokers: [{ name: 'a', state: 'ok' }], topics } as never, () => NOW);
  cluster.silent.add('a');
  expect(await followLedgers(swept)).toBe(false);
  cluster.silent.delete('a');
  expect(await followLedgers(swept)).toBe(true);
  expect(await followLedgers(swept)).toBe(false);
});

test('a stretch of which nothing can be decoded ends no list: what lies below it is read first', async () => {
  await followLedgers(ctx());
  dieMany('b', 100);
  dieMany('a', 1500, 3000);
  // The second stretch of a, and the third.
  cluster.isBroken = ({ queueOffset }) => queueOffset >= 1500 - 128 - 512 && queueOffset < 1500 - 128;
  const known: unknown[] = [];
  const seen: number[] = [];
  let nextCursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list(nextCursor === null ? {} : { cursor: nextCursor });
    seen.push(...page.items.map(({ storedAt }) => storedAt));
    nextCursor = page.nextCursor;
    known.push(page.ledger);
  } while (nextCursor !== null);
  expect(seen).toEqual([
    ...Array.from({ length: 128 }, (_, n) => 4499 - n),
    ...Array.from({ length: 1500 - 128 - 512 }, (_, n) => 4499 - 128 - 512 - n),
    ...Array.from({ length: 100 }, (_, n) => 1099 - n),
  ]);
  // What was read before them stays in sight.
  expect(known).toContainEqual({ read: 100 + 128 + 512, of: 1600, completeSince: 4500 - 128 });
});

test('when nothing of the newest stretch can be decoded, it is read on before older letters of others are shown', async () => {
  await followLedgers(ctx());
  dieMany('b', 100);
  dieMany('a', 1500, 3000);
  cluster.isBroken = ({ queueOffset }) => queueOffset >= 1500 - 128;
  const { items, ledger } = await list();
  expect(items[0]?.storedAt).toBe(4499 - 128);
  expect(ledger).toEqual({ read: 100 + 128 + 256, of: 1600, completeSince: 4500 - 128 - 256 });
});

test('a choice by filter waits for the whole ledger, and takes no more than a job does', async () => {
  dieMany('a', 1100);
  await expect(selectLetters(ctx(), 'g', { state: 'open' }, 2000)).rejects.toMatchObject({ key: 'ledger_unread' });
  await list();
  await list();
  expect(await selectLetters(ctx(), 'g', { state: 'open', to: 1010 }, 20)).toHaveLength(10);
  await expect(selectLetters(ctx(), 'g', { state: 'open' }, 1000)).rejects.toMatchObject({
    key: 'too_many_letters',
    params: { count: 1100, max: 1000 },
  });
});

test('letters that retention took leave the list and are found as expired', async () => {
  dieMany('a', 5);
  await list();
  cluster.expired.set(`a ${TOPIC}`, 2);
  const { items, total } = await list();
  expect(total).toBe(3);
  expect(items.map(({ storedAt }) => storedAt)).toEqual([1004, 1003, 1002]);
  expect((await list({ state: 'expired' })).items.map(({ storedAt, state }) => [storedAt, state])).toEqual([
    [1001, 'expired'],
    [1000, 'expired'],
  ]);
});

test('a topic that was deleted and filled again is read anew, also when it has grown past what was read', async () => {
  dieMany('a', 5);
  await list();
  cluster.removeTopic('a', TOPIC);
  dieMany('a', 3, 2000);
  expect((await list()).items.map(({ storedAt }) => storedAt)).toEqual([2002, 2001, 2000]);
  cluster.removeTopic('a', TOPIC);
  dieMany('a', 7, 3000);
  const { items, ledger } = await list();
  expect(items.map(({ storedAt }) => storedAt)).toEqual([3006, 3005, 3004, 3003, 3002, 3001, 3000]);
  expect(ledger).toEqual({ read: 7, of: 7, completeSince: null });
});

test('a topic that was deleted takes its letters out of the list, on that broker', async () => {
  dieMany('a', 5);
  die('b', 3000);
  await list();
  cluster.removeTopic('a', TOPIC);
  const { items, total, counts, perBroker } = await list();
  expect(items.map(({ broker }) => broker)).toEqual(['b']);
  expect({ total, open: counts.open }).toEqual({ total: 1, open: 1 });
  expect(perBroker.find(({ broker }) => broker === 'a')).toMatchObject({ minOffset: 0, maxOffset: 0 });
  expect((await list({ state: 'expired' })).items).toHaveLength(5);
});

test('a broker that falls silent leaves what was read of it', async () => {
  die('a', 1000);
  die('b', 1001);
  await list();
  cluster.silent.add('b');
  const { items, total, failures } = await list();
  expect(items.map(({ broker }) => broker)).toEqual(['b', 'a']);
  expect(total).toBe(2);
  expect(failures).toMatchObject([{ broker: 'b' }]);
});

test('marks of all and their end reach letters that are read before and after', async () => {
  dieMany('a', 3);
  await list();
  await store.operations.insert(anOperation('H1', { cluster: 'test', group: null, kind: 'handle' }));
  const mark = { cluster: 'test', group: 'g', operationId: 'H1', by: 'anna', at: 5000 };
  const commit: Commit = async (work) => void (await store.transaction(work));
  for await (const _ of markAll(
    ctx(),
    mark,
    [{ broker: 'a', queueId: 0, belowOffset: 3, lastPhyOffset: null }],
    {},
    commit,
  ));
  die('a', 2000);
  expect((await list()).items.map(({ state }) => state)).toEqual(['dead', 'handled', 'handled', 'handled']);

  // The store is lost but for the journal: the ledger is made from it again.
  for (const table of ['letter', 'letterSpan'] as const) await store.db.deleteFrom(table).execute();
  expect((await list()).items.map(({ state, handledBy }) => [state, handledBy])).toEqual([
    ['dead', null],
    ['handled', 'anna'],
    ['handled', 'anna'],
    ['handled', 'anna'],
  ]);
  for await (const _ of reopenAll(ctx(), mark, {}, commit));
  expect((await list()).counts).toEqual({ open: 4, handled: 0, redriven: 0 });
});

test('letters are found by the beginning of their key, by id, tag and age', async () => {
  die('a', NOW - 2 * HOUR_MS, { KEYS: 'ORD-17 CUST-4', TAGS: 'PAID' });
  die('a', NOW - 1000, { KEYS: 'ORD-2', TAGS: 'VIP' });
  const found = async (filter: object) => {
    const { items, matching } = await list(filter);
    expect(matching).toBe(items.length);
    return items.map(({ keys }) => keys[0]);
  };
  expect(await found({ q: 'ORD-' })).toEqual(['ORD-2', 'ORD-17']);
  expect(await found({ q: 'ORD-1' })).toEqual(['ORD-17']);
  expect(await found({ q: `U${NOW - 1000}` })).toEqual(['ORD-2']);
  expect(await found({ q: '%' })).toEqual([]);
  expect(await found({ tag: 'PAID' })).toEqual(['ORD-17']);
  expect(await found({ since: '1h' })).toEqual(['ORD-2']);
  expect(await found({ from: NOW - 3 * HOUR_MS, to: NOW - HOUR_MS })).toEqual(['ORD-17']);
  // Its id is the beginning of its key: it is one letter all the same.
  die('a', NOW - 500, { UNIQ_KEY: 'BOTH', KEYS: 'BOTH-1', TAGS: 'GIFT' });
  expect(await found({ q: 'BOTH' })).toEqual(['BOTH-1']);
  expect(await found({ q: 'BOTH', tag: 'VIP' })).toEqual([]);
});

test('what differs only in ids and numbers is one cause; without a cause topic, tag and shape tell letters apart', async () => {
  die('a', NOW - 3 * HOUR_MS, { errorType: 'Timeout after 3000 ms for order 7f3a99b1c0de' });
  die('b', NOW - 1000, { errorType: 'Timeout after 2871 ms for order 11aa22bb33cc' });
  die('a', 1002, { errorType: 'Sold out' });
  die('a', 1003, { TAGS: 'PAID' }, '{"b":1,"a":2}');
  die('a', 1004, { TAGS: 'PAID' }, '{"a":3,"b":4}');
  die('a', 1005, { TAGS: 'PAID' }, 'plain');
  const { items } = await listFailures(ctx(), { group: 'g' });
  expect(
    items.map(({ kind, property, text, shape, count, open }) => ({ kind, property, text, shape, count, open })),
  ).toEqual([
    {
      kind: 'property',
      property: 'errorType',
      text: expect.stringContaining('Timeout after'),
      shape: null,
      count: 2,
      open: 2,
    },
    {
      kind: 'shape',
      property: null,
      text: null,
      shape: { topic: 'orders', tag: 'PAID', format: 'json', fields: ['a', 'b'] },
      count: 2,
      open: 2,
    },
    {
      kind: 'shape',
      property: null,
      text: null,
      shape: { topic: 'orders', tag: 'PAID', format: 'text', fields: [] },
      count: 1,
      open: 1,
    },
    { kind: 'property', property: 'errorType', text: 'Sold out', shape: null, count: 1, open: 1 },
  ]);
  expect(items[0]?.hours.slice(-4)).toEqual([1, 0, 0, 1]);
  expect(items[0]).toMatchObject({ firstAt: NOW - 3 * HOUR_MS, lastAt: NOW - 1000 });
  const narrowed = await list({ failure: items[0]?.id });
  expect(narrowed.items.map(({ broker }) => broker)).toEqual(['b', 'a']);
  expect(await selectLetters(ctx(), 'g', { state: 'open', failure: items[0]?.id }, 10)).toHaveLength(2);
});

/** A redrive of a group that has one item, its fourth. */
async function redriven(group: string, source: { physicalOffset: number }, state: 'SELECTED' | 'CONFIRMED') {
  await store.operations.insert(anOperation('JOB', { cluster: 'test', group, kind: 'redrive' }));
  await store.items.insertMany([
    {
      operationId: 'JOB',
      n: 4,
      srcBroker: 'a',
      srcQueueId: 0,
      srcQueueOffset: 0,
      srcMsgId: 'm',
      srcStoredAt: 0,
      srcPhyOffset: source.physicalOffset,
      srcUniqKey: 'U1000',
      originTopic: 'orders',
      bodySha256: null,
      state,
      terminalReason: null,
    },
  ]);
}

test('a letter that expires while a job holds it is expired once the job ends without it', async () => {
  const source = die('a', 1000);
  die('a', 2000);
  await list();
  await redriven('g', source, 'SELECTED');
  expect((await list()).items.map(({ state }) => state)).toEqual(['dead', 'redriving']);
  cluster.expired.set(`a ${TOPIC}`, 1);
  expect((await list()).items.map(({ state }) => state)).toEqual(['dead']);
  await store.items.update('JOB', 4, { state: 'EXPIRED', terminalReason: null }).execute();
  expect((await list({ state: 'expired' })).items).toMatchObject([{ storedAt: 1000, state: 'expired' }]);
});

test('a copy that died for another group than it was sent again for died there for the first time', async () => {
  await redriven('other', { physicalOffset: 7 }, 'CONFIRMED');
  die('a', 1000, { RDX_OP: 'JOB', RDX_N: '4' });
  expect((await list()).items).toMatchObject([{ state: 'dead', jobId: null, copyOf: null }]);
});

test('a copy that died again and the letter it came from lead to each other', async () => {
  const source = die('a', 1000);
  await redriven('g', source, 'CONFIRMED');
  const copy = die('b', 2000, { RDX_OP: 'JOB', RDX_N: '4' });
  const ids = { source: `a:${source.physicalOffset}`, copy: `b:${copy.physicalOffset}` };
  expect((await list()).items).toMatchObject([
    { id: ids.copy, state: 'dead_again', copyOf: ids.source, diedAgainAs: null },
    { id: ids.source, state: 'redriven', copyOf: null, diedAgainAs: ids.copy },
  ]);
});
