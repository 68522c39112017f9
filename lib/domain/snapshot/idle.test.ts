import { beforeEach, expect, test } from 'vitest';
import { type FakeBroker, fakeCluster } from './fake-cluster.fixture';
import type { Snapshot } from './snapshot';
import { takeSnapshot } from './take';
import { watchGroups } from './watched';

/** More than one sweep reads of idle topics and groups. */
const MANY = 1_200;
const SWEEP_MS = 5_000;
const name = (index: number) => `t${index}`;

let broker: FakeBroker;
let cluster: ReturnType<typeof fakeCluster>;
let snapshot: Snapshot | null;
beforeEach(() => {
  const topics: FakeBroker['topics'] = {};
  const offsets: FakeBroker['offsets'] = {};
  for (let index = 0; index < MANY; index++) {
    topics[name(index)] = [[0, 10]];
    offsets[`${name(index)}@g${index}`] = { 0: 10 };
  }
  broker = {
    topics,
    offsets,
    groups: Object.keys(topics).map((topic) => topic.replace('t', 'g')),
    version: '{"counter":1}',
  };
  // The last message is old: nothing is busy.
  broker.storedAt = () => 1_000;
  cluster = fakeCluster({ a: broker });
  snapshot = null;
});

async function sweep(): Promise<Record<string, number>> {
  cluster.sent.splice(0);
  snapshot = await takeSnapshot(cluster.ctx, snapshot);
  cluster.clock.now += SWEEP_MS;
  const counts: Record<string, number> = {};
  for (const request of cluster.sent) counts[request] = (counts[request] ?? 0) + 1;
  return counts;
}
const lagOf = (index: number) => snapshot?.groups.get(`g${index}`)?.lag;
const put = (index: number, max: number) => {
  broker.topics[name(index)] = [[0, max]];
  if (broker.log) broker.log = { ...broker.log, max: broker.log.max + 100 };
};

test('a broker whose log has not moved is asked for no queue, and its figures are of now', async () => {
  broker.log = { min: 0, max: 5_000 };
  expect((await sweep()).GET_TOPIC_STATS_INFO).toBe(MANY);
  const counts = await sweep();
  expect(counts.GET_TOPIC_STATS_INFO).toBeUndefined();
  expect(counts.GET_ALL_TOPIC_CONFIG).toBe(1);
  expect(counts.GET_ALL_SUBSCRIPTIONGROUP_CONFIG).toBe(1);
  expect(snapshot?.groups.get('g7')?.queues[0]?.asOf).toBe(snapshot?.asOf);
});

test('a log that moved proves nothing: idle topics take turns, and none is older than half a minute', async () => {
  broker.log = { min: 0, max: 5_000 };
  await sweep();
  put(1_100, 25);
  let reads = 0;
  let sweeps = 0;
  for (; sweeps < 6; sweeps++) {
    reads = (await sweep()).GET_TOPIC_STATS_INFO ?? 0;
    expect(reads).toBeLessThanOrEqual(420);
    put(0, 11 + sweeps);
  }
  expect(lagOf(1_100)).toMatchObject({ value: 15 });
});

test('a topic in which a group has read on is asked at once', async () => {
  await sweep();
  put(900, 40);
  broker.offsets[`${name(900)}@g900`] = { 0: 30 };
  await sweep();
  expect(lagOf(900)).toMatchObject({ value: 10 });
});

test('a group that somebody looks at is read in every sweep', async () => {
  await sweep();
  if (snapshot) watchGroups(snapshot, ['g1150'], cluster.clock.now);
  put(1_150, 13);
  await sweep();
  expect(lagOf(1_150)).toMatchObject({ value: 3 });
});

test('a topic that had a message lately is read in every sweep', async () => {
  await sweep();
  put(5, 12);
  for (let count = 0; count < 6; count++) await sweep();
  put(5, 14);
  await sweep();
  expect(lagOf(5)).toMatchObject({ value: 4 });
});

test('messages that are not in their queues yet prove nothing', async () => {
  broker.log = { min: 0, max: 5_000, behind: 12 };
  await sweep();
  expect((await sweep()).GET_TOPIC_STATS_INFO).toBe(400);
});

test('a log that lost its first file proves nothing about where queues begin', async () => {
  broker.log = { min: 0, max: 5_000 };
  await sweep();
  for (let index = 0; index < MANY; index++) broker.topics[name(index)] = [[4, 10]];
  broker.log = { min: 1_000, max: 5_000 };
  for (let count = 0; count < 3; count++) await sweep();
  expect(snapshot?.topics.get(name(1_199))?.queues[0]?.minOffset).toBe(4);
});

test('a topic that was deleted and created again is read anew, though the log has not moved', async () => {
  broker.log = { min: 0, max: 5_000 };
  await sweep();
  broker.topics[name(3)] = [[0, 0]];
  broker.version = '{"counter":3}';
  await sweep();
  expect(snapshot?.topics.get(name(3))?.queues[0]?.maxOffset).toBe(0);
});

test('members are known after a few sweeps, each asked again within a minute, and the moved ones at once', async () => {
  broker.offsets = { [`${name(77)}@g77`]: { 0: 10 } };
  await sweep();
  await sweep();
  await sweep();
  const known = [...(snapshot?.groups.values() ?? [])].filter(({ members }) => 'value' in members);
  expect(known).toHaveLength(MANY);
  broker.clients = Object.fromEntries(broker.groups.map((group) => [group, [`${group}-client`]]));
  broker.offsets[`${name(77)}@g77`] = { 0: 9 };
  await sweep();
  expect(snapshot?.groups.get('g77')?.members).toMatchObject({ value: 1 });
  for (let count = 0; count < 10; count++) await sweep();
  for (const { members } of snapshot?.groups.values() ?? []) expect(members).toMatchObject({ value: 1 });
});
