import { afterEach, beforeEach, expect, test } from 'vitest';
import { freshDir } from './fixtures';
import type { GroupSample } from './history-write';
import { openStore, type Store } from './open';
import type { QueueSample } from './queue-frames';
import type { Sweep } from './samples';

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = freshDir();
  store = await openStore({ dir });
});
afterEach(() => store.close());

const T0 = 1_800_000_000_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const group = (over: Partial<GroupSample> = {}): GroupSample => ({
  group: 'g',
  spanMs: 5000,
  produced: 0,
  consumed: 0,
  lag: 0,
  oldestAt: null,
  age: 0,
  waiting: 0,
  due: 0,
  dead: 0,
  state: 0,
  ...over,
});
const queue = (broker: string, committed: number | null, max: number | null, over: Partial<QueueSample> = {}) => ({
  group: 's',
  topic: 't',
  broker,
  queueId: 0,
  committed,
  max,
  rewound: null,
  ...over,
});
const sweep = (at: number, over: Partial<Sweep> = {}) =>
  store.samples.append({
    cluster: 'c',
    at: T0 + at,
    isFirst: false,
    failedBrokers: [],
    isKey: false,
    changedQueues: [],
    groups: [],
    jumps: [],
    ...over,
  });
const read = (from: number, to: number, tierMs: 0 | 60_000 | 600_000, name = 'g') =>
  store.history.read('c', name, { from: T0 + from, to: T0 + to, tierMs });
const countOf = async (table: 'historySample' | 'historyRollup' | 'lagSweep' | 'lagFrame') => {
  const row = await store.db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
};

test('changes come back dense; a failed broker leaves a gap, a lost queue ends', async () => {
  await sweep(0, { isKey: true, changedQueues: [queue('a', 1, 5), queue('b', 2, 2)] });
  await sweep(5000, { changedQueues: [queue('a', 3, 6)] });
  await sweep(10_000, { failedBrokers: ['b'] });
  await sweep(15_000, { changedQueues: [queue('a', null, null)] });
  await sweep(20_000);
  const windows = await store.samples.windows('c', { since: T0, apartMs: 4500, count: 4 });
  expect(windows.map(({ broker, samples }) => [broker, samples.map(({ at, ...rest }) => [at - T0, rest])])).toEqual([
    [
      'a',
      [
        [5000, { committed: 3, max: 6 }],
        [10_000, { committed: 3, max: 6 }],
      ],
    ],
    [
      'b',
      [
        [5000, { committed: 2, max: 2 }],
        [15_000, { committed: 2, max: 2 }],
        [20_000, { committed: 2, max: 2 }],
      ],
    ],
  ]);
});

test('windows outlive the process, with sweeps at the distance asked for and offsets that went back', async () => {
  await sweep(0, { isKey: true, changedQueues: [queue('a', 9, 9)] });
  for (let at = 2000; at <= 30_000; at += 2000) {
    const rewound = { from: 9, at: T0 + 2000 };
    await sweep(at, { changedQueues: at === 2000 ? [queue('a', 4, 9, { rewound })] : [] });
  }
  await store.close();
  store = await openStore({ dir });
  const [window] = await store.samples.windows('c', { since: T0 - 1, apartMs: 4500, count: 5 });
  expect(window?.samples.map(({ at }) => at - T0)).toEqual([6000, 12_000, 18_000, 24_000, 30_000]);
  expect(window?.rewound).toEqual({ from: 9, at: T0 + 2000 });
});

test('a key frame makes older frames go, and windows before it are still whole', async () => {
  await sweep(0, { isKey: true, changedQueues: [queue('a', 1, 9), queue('b', 1, 1)] });
  await sweep(5000, { changedQueues: [queue('a', 2, 9)] });
  await sweep(10_000, { isKey: true, changedQueues: [queue('a', 3, 9), queue('b', 1, 1)] });
  await sweep(15_000, { isKey: true, changedQueues: [queue('a', 4, 9)] });
  expect(await countOf('lagFrame')).toBe(2);
  const windows = await store.samples.windows('c', { since: T0, apartMs: 4500, count: 2 });
  expect(windows.map(({ broker, samples }) => [broker, samples.map(({ committed }) => committed)])).toEqual([
    ['a', [3, 4]],
  ]);
});

test('a cluster at rest writes a line per sweep and nothing else', async () => {
  await sweep(0, { isKey: true, changedQueues: [queue('a', 1, 1)], groups: [group()] });
  for (let at = 15_000; at <= 11 * MINUTE; at += 15_000) await sweep(at);
  expect(await countOf('lagFrame')).toBe(1);
  expect(await countOf('historySample')).toBe(1);
  expect(await countOf('historyRollup')).toBe(2);
  const { base, rows } = await read(5 * MINUTE, 11 * MINUTE, 0);
  expect(rows).toEqual([]);
  expect(base).toMatchObject({ at: T0, lag: 0, state: 0 });
});

test('tiers keep what was counted, the last figures and a spike', async () => {
  for (let at = 0; at <= 21 * MINUTE; at += 5000) {
    const isSpike = at === 3 * MINUTE + 20_000;
    const lag = isSpike ? 900 : at / 5000;
    await sweep(at, {
      isFirst: at === 0,
      groups: [
        group({
          produced: 10,
          consumed: 9,
          lag,
          // An estimate, and far off: no peak beside what has been read.
          age: isSpike ? 2 : 1,
          oldestAt: isSpike ? T0 - 100 * MINUTE : T0 - 1000,
          waiting: isSpike ? 70 : 1,
          due: 1,
          dead: 2,
        }),
      ],
    });
  }
  const { rows } = await read(0, 21 * MINUTE + 1, 600_000);
  const [first, second, ...rest] = rows;
  expect(first).toMatchObject({
    tierMs: 600_000,
    at: T0,
    spanMs: 10 * MINUTE - 5000,
    produced: 1190,
    consumed: 1071,
    lag: 119,
    lagMin: 0,
    lagMax: 900,
    retriesMax: 71,
    waiting: 1,
    ageMaxMs: 10 * MINUTE - 5000 + 1000,
    producedPeak: 2000,
  });
  expect(second).toMatchObject({
    tierMs: 600_000,
    at: T0 + 10 * MINUTE,
    produced: 1200,
    spanMs: 10 * MINUTE,
    lagMax: 239,
  });
  // What has no row of ten minutes yet is there in finer ones, once.
  expect(rest.map(({ tierMs, at }) => [tierMs, at - T0])).toEqual([
    [60_000, 20 * MINUTE],
    [0, 21 * MINUTE],
  ]);
});

test('a restart loses nothing that was written, and takes the tiers up where they were', async () => {
  for (let at = 0; at <= 90_000; at += 5000) await sweep(at, { isFirst: at === 0, groups: [group({ produced: 1 })] });
  await store.close();
  store = await openStore({ dir });
  await sweep(95_000, { isFirst: true, groups: [group({ spanMs: 0 })] });
  for (let at = 100_000; at <= 2 * MINUTE; at += 5000) await sweep(at, { groups: [group({ produced: 1 })] });
  const { rows, gaps } = await read(0, 2 * MINUTE, 60_000);
  expect(gaps).toEqual([]);
  expect(rows.map(({ tierMs, produced, spanMs }) => [tierMs, produced, spanMs])).toEqual([
    [60_000, 11, 55_000],
    // The sweep after the restart counts nothing, and no time for it; nor does the first one of all.
    [60_000, 11, 55_000],
  ]);
});

test('a time without sweeps is a gap: the console was down, or could not reach the cluster', async () => {
  await sweep(0, { isFirst: true, groups: [group()] });
  await sweep(5000);
  await sweep(15_000);
  await sweep(60_000, { groups: [group({ produced: 500, spanMs: 45_000 })] });
  await sweep(65_000);
  await sweep(180_000, { isFirst: true, groups: [group()] });
  const { gaps, rows } = await read(0, 4 * MINUTE, 0);
  expect(gaps.map(({ from, to, reason }) => [from - T0, (to ?? 0) - T0, reason])).toEqual([
    [15_000, 60_000, 'unreached'],
    [65_000, 180_000, 'down'],
  ]);
  // What came meanwhile belongs to no time.
  expect(rows.map(({ at, produced, spanMs }) => [at - T0, produced, spanMs])).toEqual([
    [0, 0, 0],
    [60_000, 0, 0],
    [180_000, 0, 0],
  ]);
});

test('slow sweeps are no gaps, but a long stop after a single one is', async () => {
  await sweep(0, { isFirst: true });
  await sweep(10 * MINUTE);
  await sweep(20 * MINUTE);
  expect((await read(0, HOUR, 0)).gaps).toEqual([]);
  await store.close();
  dir = freshDir();
  store = await openStore({ dir });
  await sweep(0, { isFirst: true });
  await sweep(10 * MINUTE, { isFirst: true });
  expect((await read(0, HOUR, 0)).gaps).toMatchObject([{ reason: 'down' }]);
});

test('a silent broker has a gap of its own from the last sweep before it to the first after it', async () => {
  await sweep(0);
  await sweep(5000, { failedBrokers: ['b'] });
  await sweep(10_000, { failedBrokers: ['b', 'd'] });
  await sweep(15_000, { failedBrokers: ['d'] });
  const { gaps } = await read(0, HOUR, 0);
  expect(gaps.map(({ broker, from, to }) => [broker, from - T0, to === null ? null : to - T0])).toEqual([
    ['b', 0, 15_000],
    ['d', 5000, null],
  ]);
});

test('every tier ends where it is kept; how an idle group was before stays, of a lost one nothing', async () => {
  const start = { isFirst: true, groups: [group(), group({ group: 'lost', lag: null, age: 3, state: 2 })] };
  await sweep(0, start);
  await sweep(5000, { groups: [group({ lag: 7, produced: 7 })] });
  await sweep(10 * MINUTE);
  expect(await countOf('historySample')).toBe(3);
  await sweep(3 * HOUR, { isFirst: true });
  expect([await countOf('historySample'), await countOf('lagSweep')]).toEqual([0, 1]);
  expect((await read(0, 3 * HOUR, 60_000)).rows).toHaveLength(1);
  await sweep(3 * DAY, { isFirst: true });
  expect((await read(0, 3 * DAY, 60_000)).rows).toHaveLength(0);
  expect((await read(0, 3 * DAY, 600_000, 'lost')).rows).toHaveLength(1);
  await sweep(40 * DAY, { isFirst: true });
  expect((await read(39 * DAY, 40 * DAY, 600_000, 'lost')).base).toBeNull();
  expect((await read(39 * DAY, 40 * DAY, 600_000)).base).toMatchObject({ at: T0, lag: 7 });
  expect((await read(0, 40 * DAY, 600_000)).gaps.map(({ from }) => from - T0)).toEqual([3 * DAY]);
});

test('clusters do not mix', async () => {
  await sweep(0, { groups: [group({ lag: 1 })] });
  await sweep(1000, { cluster: 'd', groups: [group({ lag: 2 })] });
  await sweep(61_000, { cluster: 'd' });
  await sweep(62_000);
  const of = async (cluster: string) =>
    (await store.history.read(cluster, 'g', { from: T0, to: T0 + MINUTE, tierMs: 60_000 })).rows.map(({ lag }) => lag);
  expect([await of('c'), await of('d')]).toEqual([[1], [2]]);
});

test('jumps of offsets are kept with their group', async () => {
  await sweep(0, { jumps: [{ group: 'g', topic: 't', direction: 'back', queues: 2, messages: 40 }] });
  expect((await read(0, HOUR, 0)).jumps).toEqual([{ at: T0, topic: 't', direction: 'back', queues: 2, messages: 40 }]);
  expect((await read(0, HOUR, 0, 'other')).jumps).toEqual([]);
});
