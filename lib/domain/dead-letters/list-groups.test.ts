import { afterEach, beforeEach, expect, test } from 'vitest';
import { deadLettersQuery } from '@/lib/contract/dead-letters';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { FakeCluster } from '../messages/fake-cluster.fixture';
import type { Snapshot, SnapshotTopic } from '../snapshot/snapshot';
import { listDeadLetterGroups } from './list-groups';
import { listLetters } from './list-messages';

const HOUR = 3_600_000;
const NOW = 1_700_000_000_000;
/** Brokers keep letters for so long. */
const KEPT = 72 * HOUR;

let store: Store;
let cluster: FakeCluster;
let topics: Map<string, SnapshotTopic>;
beforeEach(async () => {
  store = await openStore({ dir: freshDir() });
  cluster = new FakeCluster({ a: '10.0.0.1:10911', b: '10.0.0.2:10911' });
  topics = new Map();
});
afterEach(() => store.close());

/** A letter that expires within so many hours. */
function die(group: string, hoursLeft: number, broker = 'a') {
  const name = `%DLQ%${group}`;
  cluster.groups.add(group);
  const storedAt = NOW - KEPT + hoursLeft * HOUR;
  const letter = cluster.store(broker, {
    topic: name,
    storedAt,
    reconsumeTimes: 17,
    properties: { UNIQ_KEY: `${group} ${broker} ${storedAt}`, RETRY_TOPIC: 'orders' },
  });
  const topic = topics.get(name) ?? { name, type: 'DLQ', config: [], queues: [], partial: null };
  const others = topic.queues.filter((queue) => queue.broker !== broker);
  const queue = { broker, queueId: 0, minOffset: 0, maxOffset: letter.queueOffset + 1, lastStoredAt: storedAt };
  topics.set(name, { ...topic, queues: [...others, queue] });
  return letter;
}

function ctx(retention: Record<string, number> = { a: KEPT, b: KEPT }) {
  const brokers = ['a', 'b'].map((name) => ({ name, retentionMs: retention[name] }));
  const snapshot = { asOf: NOW, brokers, topics, groups: new Map(), failures: [], facts: new Map([['a', {}]]) };
  return cluster.ctx(store, snapshot as unknown as Snapshot, () => NOW);
}
async function readAll() {
  for (const name of topics.keys()) await listLetters(ctx(), { group: name.slice(5), state: 'all', limit: 50 });
  cluster.calls.length = 0;
}
const list = (query: object = {}) => listDeadLetterGroups(ctx(), deadLettersQuery.parse(query));
const named = async (query: object) => (await list({ sort: 'group', ...query })).items.map(({ group }) => group);

async function job(id: string, kind: string, group: string, state = 'DONE') {
  await store.operations.insert({
    id,
    mutation: `dead-letters.${kind}`,
    kind,
    cluster: 'test',
    group,
    state,
    inputJson: '{}',
    createdBy: 'local',
    createdByName: 'local',
    reason: 'test',
    requestHash: id,
    epoch: 0,
    createdAt: 1,
  } as never);
}
async function handle(group: string, letters: readonly ReturnType<typeof die>[], broker = 'a') {
  const mark = { cluster: 'test', group, operationId: 'MARK', by: 'anna', at: NOW };
  const places = letters.map(({ physicalOffset, properties }) => ({
    broker,
    phyOffset: physicalOffset,
    uniqKey: properties.UNIQ_KEY ?? '',
  }));
  await store.transaction((tables) => tables.handled.mark(mark, places));
}

test('no broker is asked when everything is read; for the rest only how old its oldest is', async () => {
  die('one', 5);
  die('one', 9);
  die('two', 30, 'b');
  await readAll();
  const { items } = await list({ sort: 'group' });
  expect(cluster.calls).toEqual([]);
  expect(items).toMatchObject([
    { group: 'one', count: 2, read: 2, open: 2, oldestAt: NOW - KEPT + 5 * HOUR, expiresAt: NOW + 5 * HOUR },
    { group: 'two', count: 1, read: 1, open: 1, expiresAt: NOW + 30 * HOUR },
  ]);
  die('late', 3);
  die('late', 4);
  expect((await list({ q: 'late' })).items).toMatchObject([
    { group: 'late', read: 0, open: 2, expiresAt: NOW + 3 * HOUR },
  ]);
  expect(cluster.calls).toMatchObject([{ request: 'PULL_MESSAGE', input: { queueOffset: 0 } }]);
});

test('expiresWithinH narrows to groups of which a letter may go by then, and each is counted', async () => {
  die('soon', 6);
  die('soon', 60);
  die('day', 6.01);
  die('later', 48, 'b');
  die('last', 60);
  await readAll();
  expect(await named({ expiresWithinH: 6 })).toEqual(['soon']);
  expect(await named({ expiresWithinH: 24 })).toEqual(['day', 'soon']);
  expect(await named({ expiresWithinH: 48 })).toEqual(['day', 'later', 'soon']);
  expect(await named({ expiresWithinH: 24, q: 'day' })).toEqual(['day']);
  expect((await list()).expiring).toEqual({ 6: 1, 24: 2, 48: 3 });
});

test('only letters that are open expire: what is handled or was sent again needs nobody any more', async () => {
  const old = [die('g', 1), die('g', 2)];
  const young = die('g', 30);
  await readAll();
  await job('MARK', 'handle', 'g');
  await handle('g', old);
  expect((await list()).items[0]).toMatchObject({ oldestAt: NOW - KEPT + HOUR, expiresAt: NOW + 30 * HOUR });
  expect(await named({ expiresWithinH: 24 })).toEqual([]);
  await handle('g', [young]);
  expect((await list()).items[0]).toMatchObject({ open: 0, expiresAt: null });
  expect((await list()).expiring).toEqual({ 6: 0, 24: 0, 48: 0 });
});

test('the oldest open letter counts with the retention of its broker', async () => {
  const old = die('g', 1);
  die('g', 20);
  die('g', 2, 'b');
  await readAll();
  expect((await list()).items[0]?.expiresAt).toBe(NOW + HOUR);
  await job('MARK', 'handle', 'g');
  await handle('g', [old]);
  expect((await list()).items[0]?.expiresAt).toBe(NOW + 2 * HOUR);
  // Where brokers keep differently long it is not later than this.
  const { items } = await listDeadLetterGroups(
    ctx({ a: KEPT + HOUR, b: KEPT + 24 * HOUR }),
    deadLettersQuery.parse({}),
  );
  expect(items[0]?.expiresAt).toBe(NOW + 3 * HOUR);
});

test('narrowed to what grows, is open or is settled, each counted over all', async () => {
  die('grows', 72 - 0.5);
  die('rests', 40);
  const settled = die('settled', 40);
  await readAll();
  await job('MARK', 'handle', 'settled');
  await handle('settled', [settled]);
  expect(await named({ only: 'growing' })).toEqual(['grows']);
  expect(await named({ only: 'settled' })).toEqual(['settled']);
  expect(await named({ only: 'open' })).toEqual(['grows', 'rests']);
  expect((await list({ only: 'settled' })).counts).toEqual({ open: 2, growing: 1, settled: 1 });
});

test('the last job of a group is the newest of those that change a ledger', async () => {
  die('g', 40);
  die('other', 40);
  await readAll();
  await job('01', 'redrive', 'g');
  await job('02', 'handle', 'g', 'FAILED');
  await job('03', 'run-once', 'g');
  await job('04', 'reset', 'other');
  const { items } = await list({ sort: 'group' });
  expect(items.map(({ lastJob }) => lastJob && [lastJob.id, lastJob.kind, lastJob.state])).toEqual([
    ['02', 'handle', 'FAILED'],
    null,
  ]);
});
