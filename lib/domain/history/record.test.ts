import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { type FakeBroker, fakeCluster } from '../snapshot/fake-cluster.fixture';
import type { Snapshot } from '../snapshot/snapshot';
import { takeSnapshot } from '../snapshot/take';
import { getHistory } from './get';

let dir: string;
let store: Store;
let snapshot: Snapshot | null;
let broker: FakeBroker;
let cluster: ReturnType<typeof fakeCluster>;
beforeEach(async () => {
  dir = freshDir();
  store = await openStore({ dir });
  snapshot = null;
  broker = {
    topics: { orders: [[0, 100]], '%DLQ%g': [[2, 5]] },
    groups: ['g', 'idle'],
    offsets: { 'orders@g': { 0: 90 }, 'orders@idle': { 0: 40 } },
    clients: { g: ['client-1'] },
    storedAt: (offset) => 1_800_000_000_000 - 3_600_000 + offset * 1000,
  };
  cluster = fakeCluster({ a: broker, b: { topics: {}, groups: ['g', 'idle'], offsets: {} } });
  useStore();
});
afterEach(() => store.close());

const useStore = () => Object.assign(cluster.ctx, { store });
async function sweep(count = 1, each?: () => void) {
  for (let n = 0; n < count; n++) {
    each?.();
    snapshot = await takeSnapshot(cluster.ctx, snapshot);
    cluster.show(snapshot);
    cluster.clock.now += 5000;
  }
}
const move = (produced: number, consumed: number) => () => {
  const [queue] = broker.topics.orders ?? [];
  if (queue) queue[1] += produced;
  const offsets = broker.offsets['orders@g'];
  if (offsets) offsets[0] = (offsets[0] ?? 0) + consumed;
};
const past = (group = 'g') => getHistory(cluster.ctx, { group });
const known = <T>(values: readonly (T | null)[]) => values.filter((value) => value !== null);
const rowsOf = async (group: string) => {
  const found = await store.db.selectFrom('historyGroup').select('id').where('name', '=', group).executeTakeFirst();
  return store.db
    .selectFrom('historySample')
    .selectAll()
    .where('groupId', '=', found?.id ?? -1)
    .orderBy('at')
    .execute();
};

test('a group that moves is recorded with its rates, one that rests is not', async () => {
  await sweep();
  await sweep(8, move(50, 40));
  const { points, gaps, recordedFrom, stepMs } = await past();
  expect(known(points.lag).at(-1)).toBe(10 + 8 * 10);
  expect(known(points.inPerS).slice(1)).toEqual([10, 10]);
  expect(known(points.outPerS).slice(1)).toEqual([8, 8]);
  expect(known(points.deadLetters).at(-1)).toBe(3);
  expect({ gaps, recordedFrom, stepMs }).toEqual({ gaps: [], recordedFrom: 1_800_000_000_000, stepMs: 15_000 });
  await sweep(4);
  expect(await rowsOf('g')).toHaveLength(9);
  expect(known((await past()).points.inPerS).at(-1)).toBe(0);
  // Its lag grows, though it does not move; then it stands still.
  expect(await rowsOf('idle')).toHaveLength(9);
});

test('the age of what waits grows while nothing is written, and is exact where somebody has read it', async () => {
  await sweep(2);
  snapshot?.storeTimes.set('a orders 0 90', cluster.clock.now - 60_000);
  await sweep(10);
  expect(await rowsOf('g')).toMatchObject([{ age: 3 }, { age: 1 }]);
  const { points } = await past();
  const ages = known(points.lagMs);
  expect(ages.at(-1)).toBe(60_000 + 9 * 5000);
  expect(ages.at(-2)).toBeLessThan(ages.at(-1) ?? 0);
  expect(points.lagMsExact.at(-1)).toBe(true);
});

test('an estimated age stays with its message', async () => {
  await sweep(4, move(50, 0));
  const [estimated] = (await rowsOf('g')).slice(-1);
  expect(estimated).toMatchObject({ age: 2 });
  await sweep(6);
  expect(await rowsOf('g')).toHaveLength(4);
  expect((await past()).points.lagMsExact.at(-1)).toBe(false);
});

test('offsets that went back are a mark and no consumption', async () => {
  await sweep(2);
  await sweep(1, move(0, -30));
  await sweep(1, move(0, 5));
  const jump = { kind: 'jump', direction: 'back', topic: 'orders', queues: 1, messages: 30, jobId: null };
  expect((await past()).marks).toMatchObject([jump]);
  expect((await rowsOf('g')).map(({ consumed }) => consumed)).toEqual([0, 0, 5]);
});

test('so are those that went forward while nobody was connected, but not those of a member', async () => {
  await sweep(5);
  await sweep(1, () => {
    broker.offsets['orders@idle'] = { 0: 100 };
    move(0, 10)();
  });
  expect((await past()).marks).toEqual([]);
  expect((await past('idle')).marks).toMatchObject([{ direction: 'forward', messages: 60 }]);
  expect(Math.max(...known((await past('idle')).points.outPerS))).toBe(0);
});

test('what a client commits as it leaves is consumption', async () => {
  await sweep(2);
  broker.clients = {};
  await sweep();
  await sweep(1, move(0, 20));
  expect((await past()).marks).toEqual([]);
  expect((await rowsOf('g')).at(-1)?.consumed).toBe(20);
});

test('a queue that was created again counts nothing', async () => {
  await sweep(2);
  await sweep(1, () => {
    broker.topics.orders = [[0, 3]];
    broker.offsets['orders@g'] = { 0: 1 };
  });
  const { marks, points } = await past();
  expect([marks, Math.max(...known(points.inPerS))]).toEqual([[], 0]);
});

test('while its broker is silent nothing of a group is claimed, and what came meanwhile belongs to no time', async () => {
  await sweep(4);
  broker.hangs = ['*'];
  await sweep(10, move(50, 50));
  broker.hangs = [];
  await sweep(4);
  const { points, gaps } = await past();
  expect(gaps).toMatchObject([{ reason: 'silent', brokers: ['a'] }]);
  const silence = gaps[0] ?? { from: 0, to: 0 };
  points.at.forEach((at, index) => {
    if (at >= silence.from && at + 15_000 <= silence.to)
      expect([points.lag[index], points.lagMs[index], points.inPerS[index]]).toEqual([null, null, null]);
  });
  expect(Math.max(...known(points.inPerS))).toBe(0);
});

test('a restart goes on where it was, with windows; a long stop is a gap', async () => {
  await sweep();
  await sweep(9, move(10, 0));
  const restart = async () => {
    await store.close();
    store = await openStore({ dir });
    useStore();
    snapshot = null;
  };
  await restart();
  await sweep();
  expect(snapshot?.groups.get('g')?.queues[0]?.samples).toHaveLength(11);
  expect((await past()).gaps).toEqual([]);
  await restart();
  cluster.clock.now += 120_000;
  await sweep(3);
  const { points, gaps } = await past();
  expect(gaps).toMatchObject([{ reason: 'down' }]);
  expect(points.lag.slice(-9).includes(null)).toBe(true);
  expect(points.lag.at(-1)).toBe(100);
});

test('a store that refuses costs a sweep of history, not its changes', async () => {
  await sweep(2);
  const { append } = store.samples;
  store.samples.append = () => Promise.reject(new Error('disk full'));
  await sweep(1, move(50, 20));
  store.samples.append = append;
  await sweep();
  const [last] = (await rowsOf('g')).slice(-1);
  expect(last).toMatchObject({ produced: 50, consumed: 20, spanMs: 10_000, lag: 40 });
});

test('a group nobody has is not found, one not yet recorded is empty', async () => {
  await sweep();
  await expect(past('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  broker.groups.push('young');
  expect(await past('young')).toMatchObject({ recordedFrom: null, marks: [] });
});
