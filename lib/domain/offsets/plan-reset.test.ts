import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { DomainError } from '../errors';
import { FakeCluster, storedAt } from './fake-cluster.fixture';
import { planReset } from './plan-reset';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

const cluster = (serverSide = true) =>
  new FakeCluster({
    a: {
      serverSide,
      queues: [
        { min: 0, max: 100, committed: 80 },
        { min: 50, max: 90, committed: null },
      ],
    },
    b: { serverSide: true, queues: [{ min: 0, max: 0, committed: 0 }] },
  });
const at = (offset: number) => ({ kind: 'timestamp' as const, at: storedAt(offset) });
const input = (to: Parameters<typeof planReset>[1]['to']) => ({ group: 'billing', to });

test('a time becomes explicit offsets, clamped to what the queue holds', async () => {
  const plan = await planReset(cluster().ctx(store), input(at(30)));
  expect(plan.topic).toBe('orders');
  expect(plan.queues).toMatchObject([
    {
      broker: 'a',
      queueId: 0,
      targetOffset: 30,
      replay: 50,
      skip: 0,
      targetStoredAt: storedAt(30),
      committedStoredAt: storedAt(80),
    },
    { broker: 'a', queueId: 1, targetOffset: 50, committedOffset: null, replay: 0, skip: 0 },
    { broker: 'b', queueId: 0, targetOffset: 0, targetStoredAt: null },
  ]);
  expect(plan.queues[1]?.warnings.map(({ key }) => key)).toEqual(['before_retained', 'no_recorded_offset']);
  expect(plan.totals).toEqual({ replay: 50, skip: 0, unchanged: 1, unknown: 1 });
  expect(plan).toMatchObject({ confirm: null, refused: null, members: 0 });
});

test('earliest is the minimum, latest the maximum, and skipping asks for the group name', async () => {
  const earliest = await planReset(cluster().ctx(store), input({ kind: 'earliest' }));
  expect(earliest.queues.map(({ targetOffset }) => targetOffset)).toEqual([0, 50, 0]);
  const latest = await planReset(cluster().ctx(store), input({ kind: 'latest' }));
  expect(latest.queues.map(({ targetOffset }) => targetOffset)).toEqual([100, 90, 0]);
  expect(latest).toMatchObject({ confirm: 'billing', totals: { skip: 20 } });
});

test('a broker without explicit offsets: request 15 while nobody is online, refused otherwise', async () => {
  const offline = await planReset(cluster(false).ctx(store), input(at(30)));
  expect(offline.queues.map(({ path }) => path)).toEqual(['offset', 'offset', 'server']);
  expect(offline.refused).toBeNull();
  const busy = cluster(false);
  busy.members = ['c1'];
  const online = await planReset(busy.ctx(store), input(at(30)));
  expect(online.refused).toEqual({ key: 'no_explicit_offsets', params: { brokers: 'a', members: 1 } });
});

test('refused: broadcast groups, brokers that are gone, nothing to change', async () => {
  const broadcast = cluster();
  broadcast.members = ['c1'];
  broadcast.messageModel = 'BROADCASTING';
  expect((await planReset(broadcast.ctx(store), input(at(30)))).refused?.key).toBe('broadcast');
  const partial = cluster();
  partial.dead.add('b');
  expect((await planReset(partial.ctx(store), input(at(30)))).refused).toEqual({
    key: 'brokers_missing',
    params: { brokers: 'b' },
  });
  const same = input({ kind: 'offsets', queues: [{ broker: 'a', queueId: 0, offset: 80 }] });
  expect((await planReset(cluster().ctx(store), same)).refused?.key).toBe('nothing_to_change');
});

test('a time that our clock has not reached is one all the same when a broker has stored a message since', async () => {
  const asked = at(30);
  const behind = { ...cluster().ctx(store), now: () => asked.at - 1000 };
  const { queues } = await planReset(behind, input(asked));
  expect(queues.map(({ targetOffset }) => targetOffset)).toEqual(
    (await planReset(cluster().ctx(store), input(asked))).queues.map(({ targetOffset }) => targetOffset),
  );
});

test.each([
  ['a time in the future', input({ kind: 'timestamp', at: 9_000_000_000 }), 'INVALID', 'future_time'],
  ['an unknown topic', { ...input(at(1)), topic: 'nope' }, 'NOT_FOUND', 'topic_not_found'],
  ['an unknown group', { ...input(at(1)), group: 'nope' }, 'NOT_FOUND', 'group_not_found'],
  ['a system group', { ...input(at(1)), group: 'TOOLS_CONSUMER' }, 'INVALID', 'system_group'],
  [
    'a queue that is not there',
    input({ kind: 'offsets', queues: [{ broker: 'a', queueId: 7, offset: 1 }] }),
    'INVALID',
    'unknown_queue',
  ],
  ['an unknown job', input({ kind: 'undo', jobId: 'X' }), 'NOT_FOUND', 'unknown_job'],
] as const)('%s is said, and nothing is sent', async (_name, asked, code, key) => {
  const fake = cluster();
  const error = await planReset(fake.ctx(store), asked as never).catch((thrown: DomainError) => thrown);
  expect(error).toMatchObject({ code, key });
  expect(fake.frames).toEqual([]);
});
