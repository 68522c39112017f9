import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { groupsQuery } from '@/lib/contract/groups';
import { topicsQuery } from '@/lib/contract/topics';
import { listGroups } from '../groups/list';
import { listTopics } from '../topics/list';
import { type FakeBroker, fakeCluster } from './fake-cluster.fixture';
import type { Snapshot, SnapshotGroup } from './snapshot';
import { type SweepOptions, takeSnapshot } from './take';

const shop = (): FakeBroker => ({
  topics: {
    orders: [
      [0, 10],
      [0, 20],
    ],
    '%RETRY%g': [[0, 4]],
    '%DLQ%g': [[2, 5]],
  },
  groups: ['g'],
  offsets: { 'orders@g': { 0: 8, 1: 20 }, '%RETRY%g@g': { 0: 1 } },
  clients: { g: ['client-1'] },
});
const groupOf = (snapshot: Snapshot, name = 'g') => snapshot.groups.get(name) as SnapshotGroup;

async function sweeps(
  cluster: ReturnType<typeof fakeCluster>,
  count: number,
  each?: (index: number) => void,
  after?: (snapshot: Snapshot) => void,
  options?: SweepOptions,
) {
  let snapshot: Snapshot | null = null;
  for (let index = 0; index < count; index++) {
    each?.(index);
    snapshot = await takeSnapshot(cluster.ctx, snapshot, options);
    after?.(snapshot);
    cluster.clock.now += 5000;
  }
  return snapshot as Snapshot;
}

describe('lag and retries', () => {
  test('retry topics count once, apart from business lag', async () => {
    const group = groupOf(await sweeps(fakeCluster({ a: shop() }), 1));
    expect(group.lag).toMatchObject({ value: 2 });
    expect(group.retriesDue).toMatchObject({ value: 3 });
    expect(group.deadLetters).toMatchObject({ value: 3 });
    expect(group.topics).toEqual(['orders']);
  });

  test('a retry topic without an offset is due from its beginning', async () => {
    const broker = shop();
    delete broker.offsets['%RETRY%g@g'];
    expect(groupOf(await sweeps(fakeCluster({ a: broker }), 1)).retriesDue).toMatchObject({ value: 4 });
  });

  test('POP retry topics of both versions belong to their group alone', async () => {
    const broker = shop();
    broker.groups.push('g_x');
    Object.assign(broker.topics, {
      x_orders: [[0, 1]],
      '%RETRY%g_orders': [[0, 2]],
      '%RETRY%g+orders': [[0, 3]],
      '%RETRY%g_x': [[0, 7]],
    });
    const snapshot = await sweeps(fakeCluster({ a: broker }), 1);
    expect(groupOf(snapshot)).toMatchObject({ mode: 'POP', retriesDue: { value: 3 + 2 + 3 } });
    expect(groupOf(snapshot, 'g_x')).toMatchObject({ retriesDue: { value: 7 } });
  });

  test('waiting retries are read from the ladder once, and delivered ones leave it', async () => {
    const broker = shop();
    broker.ladder = { 3: { delivered: 1, targets: ['%RETRY%g', '%RETRY%g', 'orders', '%RETRY%g'] } };
    const cluster = fakeCluster({ a: broker });
    const first = await takeSnapshot(cluster.ctx, null);
    expect(groupOf(first)).toMatchObject({ retriesWaiting: { value: 2 }, nextRetryAt: cluster.clock.now + 10_000 });
    broker.ladder[3] = { delivered: 2, targets: broker.ladder[3]?.targets ?? [] };
    const second = await takeSnapshot(cluster.ctx, first);
    expect(groupOf(second).retriesWaiting).toMatchObject({ value: 1 });
    expect(cluster.sent.filter((name) => name === 'PULL_MESSAGE')).toHaveLength(1);
  });

  test('garbage offset rows are left out', async () => {
    const broker = shop();
    Object.assign(broker.offsets, { 'orders@g': { 0: 8, 1: 20, 9: 1 }, 'gone@g': { 0: 1 } });
    const group = groupOf(await sweeps(fakeCluster({ a: broker }), 1));
    expect(group.queues.map(({ topic, queueId }) => `${topic}/${queueId}`)).toEqual([
      'orders/0',
      'orders/1',
      '%RETRY%g/0',
    ]);
    expect(group.lag).toMatchObject({ value: 2 });
  });

  test('an offset below zero or missing is no offset, and what waits there is not known', async () => {
    const broker = shop();
    broker.offsets['orders@g'] = { 0: -5 };
    const group = groupOf(await sweeps(fakeCluster({ a: broker }), 1));
    expect(group.lag).toEqual({ unknown: 'no_offset' });
    expect(group.queuesWithoutOffset).toHaveLength(2);
    broker.offsets['orders@g'] = { 0: 8 };
    expect(groupOf(await sweeps(fakeCluster({ a: broker }), 1))).toMatchObject({
      lag: { value: 2 },
      partial: 'no_offset',
    });
  });

  test('broadcast groups have no lag that the broker knows', async () => {
    const broker = shop();
    broker.groups.push('b');
    broker.broadcast = ['b'];
    broker.offsets['orders@b@broadcast'] = { 0: 3 };
    broker.clients = { ...broker.clients, b: ['client-2'] };
    const group = groupOf(await sweeps(fakeCluster({ a: broker }), 1), 'b');
    expect(group).toMatchObject({ mode: 'BROADCASTING', lag: { unknown: 'broadcast' }, status: 'UNKNOWN' });
  });
});

describe('members and status', () => {
  test('stalled after ten equal samples, no verdict before 30 s', async () => {
    const cluster = fakeCluster({ a: shop() });
    expect(groupOf(await sweeps(cluster, 5)).status).toBe('UNKNOWN');
    const group = groupOf(await sweeps(cluster, 10));
    expect(group.status).toBe('STALLED');
    expect(group.rule).toMatchObject({ key: 'stalled', params: { samples: 10, offset: 8, lag: 2 } });
    expect(group.tape).toEqual([null, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('stopped when every member has said that it does not hold the queue', async () => {
    const broker = shop();
    broker.holds = { 'client-1': [{ topic: 'orders', brokerName: 'a', queueId: 1 }] };
    const group = groupOf(await sweeps(fakeCluster({ a: broker }), 10));
    expect(group.queues.map(({ queueId, isRetry, status }) => [queueId, isRetry, status])).toEqual([
      [0, false, 'STOPPED'],
      [1, false, 'OK'],
      [0, true, 'STOPPED'],
    ]);
  });

  test('frozen and without members', async () => {
    const broker = shop();
    broker.clients = {};
    expect(groupOf(await sweeps(fakeCluster({ a: broker }), 1)).status).toBe('NO_MEMBERS');
    broker.frozen = ['g'];
    expect(groupOf(await sweeps(fakeCluster({ a: broker }), 1)).status).toBe('FROZEN');
  });

  test('offsets that move with nobody connected: members unknown, not none', async () => {
    const broker = shop();
    broker.clients = {};
    const group = groupOf(
      await sweeps(fakeCluster({ a: broker }), 8, (index) => {
        broker.offsets['orders@g'] = { 0: index, 1: 20 };
      }),
    );
    expect(group.members).toEqual({ unknown: 'members_unknown' });
    expect(group.status).not.toBe('NO_MEMBERS');
  });

  test('rewound until the earlier offset is reached again', async () => {
    const broker = shop();
    const cluster = fakeCluster({ a: broker });
    const offsets = [8, 8, 8, 8, 8, 8, 8, 2, 3, 4];
    broker.offsets['%RETRY%g@g'] = { 0: 4 };
    const group = groupOf(
      await sweeps(cluster, offsets.length, (index) => {
        broker.offsets['orders@g'] = { 0: offsets[index] ?? 0, 1: 20 };
      }),
    );
    expect(group).toMatchObject({ status: 'REWOUND', rule: { params: { from: 8, offset: 4 } } });
    expect(group.tape.slice(-3)).toEqual([-6, 1, 1]);
  });
});

describe('a broker that does not answer', () => {
  test('costs its own rows only, which stay as they were', async () => {
    const other = shop();
    const cluster = fakeCluster({ a: shop(), b: other });
    const first = await takeSnapshot(cluster.ctx, null);
    expect(groupOf(first).lag).toMatchObject({ value: 4 });
    other.hangs = ['*'];
    cluster.clock.now += 5000;
    const second = await takeSnapshot(cluster.ctx, first);
    expect(second.brokers.map(({ state }) => state)).toEqual(['ok', 'stale']);
    expect(second.failures).toMatchObject([{ broker: 'b', code: 'TIMEOUT' }]);
    expect(groupOf(second).lag).toMatchObject({ value: 4 });
    expect(groupOf(second).queues.find(({ broker }) => broker === 'b')).toMatchObject({
      status: 'UNKNOWN',
      samples: [{}],
    });
    other.hangs = [];
    const third = await takeSnapshot(cluster.ctx, second);
    expect(third.failures).toEqual([]);
    expect(third.brokers.map(({ state }) => state)).toEqual(['ok', 'ok']);
  });

  test('hanging in one request in the middle counts as not answering', async () => {
    const snapshot = await sweeps(fakeCluster({ a: shop(), b: { ...shop(), hangs: ['GET_TOPIC_STATS_INFO'] } }), 1);
    expect(snapshot.brokers.map(({ state }) => state)).toEqual(['ok', 'silent']);
  });

  test('never seen: what it alone may know is unknown, and zero is not claimed', async () => {
    const lone = shop();
    lone.offsets['orders@g'] = { 0: 10, 1: 20 };
    lone.topics['%DLQ%g'] = [[0, 0]];
    const cluster = fakeCluster({ a: lone, b: { ...shop(), hangs: ['*'] } });
    const snapshot = await sweeps(cluster, 1);
    cluster.show(snapshot);
    const [row] = (await listGroups(cluster.ctx, groupsQuery.parse({}))).items;
    expect(row).toMatchObject({ lag: null, deadLetters: null, retries: 3, members: 1, status: 'UNKNOWN' });
    expect(row?.unknown).toMatchObject({
      lag: 'broker_silent',
      deadLetters: 'broker_silent',
      retries: 'broker_silent',
    });
    const topics = await listTopics(cluster.ctx, topicsQuery.parse({}));
    expect(topics.items).toMatchObject([{ topic: 'orders', kept: 30, unknown: { kept: 'broker_silent' } }]);
    expect(topics.failures).toHaveLength(1);
  });

  test('all silent: the lists refuse instead of answering empty', async () => {
    const cluster = fakeCluster({ a: { ...shop(), hangs: ['*'] } });
    await expect(listTopics(cluster.ctx, topicsQuery.parse({}))).rejects.toThrow('cluster_unreachable');
    cluster.show(await sweeps(cluster, 1));
    await expect(listTopics(cluster.ctx, topicsQuery.parse({}))).rejects.toThrow('no_master');
  });
});

describe('lists', () => {
  test('pages by cursor, filters, sorts with unknown last and folds internal topics', async () => {
    const broker = shop();
    for (let n = 0; n < 5; n++) broker.topics[`extra-${n}`] = [[0, n]];
    const cluster = fakeCluster({ a: broker });
    cluster.show(await sweeps(cluster, 1));
    const list = (query: object) => listTopics(cluster.ctx, topicsQuery.parse(query));
    const first = await list({ sort: '-kept', limit: '3' });
    expect(first.items.map(({ topic }) => topic)).toEqual(['orders', 'extra-4', 'extra-3']);
    const next = await list({ cursor: first.nextCursor, limit: '3' });
    expect(next.items.map(({ topic }) => topic)).toEqual(['extra-2', 'extra-1', 'extra-0']);
    expect(next.nextCursor).toBeNull();
    expect(first).toMatchObject({ total: 6, hiddenInternal: 2 });
    expect((await list({ q: 'ORD' })).items).toHaveLength(1);
    expect((await list({ internal: 'true' })).total).toBe(8);
    await expect(list({ sort: 'constructor' })).rejects.toThrow('unknown_sort');
    await expect(list({ cursor: 'nonsense' })).rejects.toThrow('invalid_cursor');
  });

  test('samples are written for what changed only', async () => {
    const broker = shop();
    const cluster = fakeCluster({ a: broker });
    await sweeps(cluster, 3, (index) => {
      if (index === 2) broker.offsets['orders@g'] = { 0: 9, 1: 20 };
    });
    const changed = cluster.written.map((sweep) => (sweep as { changedQueues: unknown[] }).changedQueues.length);
    expect(changed).toEqual([3, 0, 1]);
  });
});

describe('a broker that takes long', () => {
  test('costs its own rows only, and is read on instead of again', async () => {
    let open = () => {};
    const opens = new Promise<void>((resolve) => {
      open = resolve;
    });
    const cluster = fakeCluster({ a: shop(), b: { ...shop(), opens } });
    const first = await takeSnapshot(cluster.ctx, null, { patienceMs: 20 });
    expect(first.brokers.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'ok'],
      ['b', 'silent'],
    ]);
    expect(first.failures).toMatchObject([{ broker: 'b', code: 'SLOW' }]);
    expect(groupOf(first)).toMatchObject({ lag: { value: 2 }, partial: 'broker_silent' });
    open();
    const second = await takeSnapshot(cluster.ctx, first);
    expect(second.brokers.map(({ state }) => state)).toEqual(['ok', 'ok']);
    expect(groupOf(second).lag).toMatchObject({ value: 4 });
    // The first table of `a` once per sweep, of `b` once in all.
    expect(cluster.sent.filter((name) => name === 'GET_ALL_TOPIC_CONFIG')).toHaveLength(3);
    expect(second.unfinished?.size).toBe(0);
  });

  test('is waited for while nobody else has brought anything', async () => {
    const opens = new Promise<void>((resolve) => setTimeout(resolve, 60));
    const cluster = fakeCluster({ a: { ...shop(), opens } });
    const snapshot = await takeSnapshot(cluster.ctx, null, { patienceMs: 5 });
    expect(snapshot.brokers).toMatchObject([{ state: 'ok' }]);
  });
});

test.each([
  ['while all answer', {}],
  ['while a broker takes long', { b: { ...shop(), opens: new Promise<void>(() => {}) } }],
])('a picture is freed once the next ones are there, %s', async (_when, others) => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const broker = shop();
  const seen: WeakRef<object>[] = [];
  const last = await sweeps(
    fakeCluster({ a: broker, ...others }),
    4,
    (index) => {
      broker.offsets['orders@g'] = { 0: index };
    },
    (snapshot) => {
      // What pages make on demand must not hold on to more either.
      for (const { status, asOf } of groupOf(snapshot).queues) expect([status, asOf]).toHaveLength(2);
      seen.push(new WeakRef(groupOf(snapshot)));
    },
    { patienceMs: 5 },
  );
  // What was looked at through a reference lives to the end of the turn.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(seen.map((group) => group.deref() !== undefined)).toEqual([false, false, false, true]);
  expect(last).not.toBeNull();
});
