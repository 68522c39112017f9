import { expect, test } from 'vitest';
import { groupsQuery } from '@/lib/contract/groups';
import { topicsQuery } from '@/lib/contract/topics';
import { fakeCluster } from '../snapshot/fake-cluster.fixture';
import { takeSnapshot } from '../snapshot/take';
import { listTopics } from '../topics/list';
import { listGroups } from './list';

test('groups left behind are folded away with their number, those with anything left to do are not', async () => {
  const cluster = fakeCluster({
    a: {
      topics: { orders: [[0, 10]], '%DLQ%only-dead': [[0, 3]] },
      groups: ['online', 'caught-up', 'never-used', 'behind', 'only-dead', 'frozen'],
      frozen: ['frozen'],
      offsets: { 'orders@online': { 0: 10 }, 'orders@caught-up': { 0: 10 }, 'orders@behind': { 0: 7 } },
      clients: { online: ['client-1'] },
    },
  });
  cluster.show(await takeSnapshot(cluster.ctx, null));
  const list = (query: object) => listGroups(cluster.ctx, groupsQuery.parse(query));
  const names = async (query: object) => (await list(query)).items.map(({ group }) => group).sort();

  expect(await names({ idle: 'hide' })).toEqual(['behind', 'frozen', 'online', 'only-dead']);
  expect(await list({ idle: 'hide' })).toMatchObject({ hiddenIdle: 2, total: 4 });
  expect(await names({})).toHaveLength(6);
  expect(await list({})).toMatchObject({ hiddenIdle: 0 });
});

test('a broker that does not answer leaves no group behind: what it knows may be something', async () => {
  const cluster = fakeCluster({
    a: { topics: { orders: [[0, 10]] }, groups: ['caught-up'], offsets: { 'orders@caught-up': { 0: 10 } } },
    b: { topics: {}, groups: [], offsets: {}, hangs: ['*'] },
  });
  cluster.show(await takeSnapshot(cluster.ctx, null));
  expect(await listGroups(cluster.ctx, groupsQuery.parse({ idle: 'hide' }))).toMatchObject({ hiddenIdle: 0, total: 1 });
});

test('of several RocketMQ clusters only what the brokers of one hold', async () => {
  const cluster = fakeCluster({
    a: { cluster: 'east', topics: { orders: [[0, 1]], both: [[0, 1]] }, groups: ['in-both', 'in-east'], offsets: {} },
    b: { cluster: 'west', topics: { both: [[0, 1]] }, groups: ['in-both', 'in-west'], offsets: {} },
  });
  cluster.show(await takeSnapshot(cluster.ctx, null));
  const groups = async (query: object) =>
    (await listGroups(cluster.ctx, groupsQuery.parse(query))).items.map(({ group }) => group).sort();
  const topics = async (query: object) =>
    (await listTopics(cluster.ctx, topicsQuery.parse(query))).items.map(({ topic }) => topic).sort();
  expect(await groups({})).toEqual(['in-both', 'in-east', 'in-west']);
  expect(await groups({ brokerCluster: 'west' })).toEqual(['in-both', 'in-west']);
  expect(await topics({ brokerCluster: 'east' })).toEqual(['both', 'orders']);
  expect(await topics({ brokerCluster: 'west' })).toEqual(['both']);
  expect(await groups({ brokerCluster: 'nowhere' })).toEqual([]);
});

test('many who look at one list cost what one costs, until the picture or the second is another', async () => {
  const cluster = fakeCluster({ a: { topics: {}, groups: ['readers'], offsets: {} } });
  const first = await takeSnapshot(cluster.ctx, null);
  cluster.show(first);
  const look = (query: object) => listGroups(cluster.ctx, groupsQuery.parse(query));
  const seen = await look({});
  expect(await look({})).toBe(seen);
  expect(await look({ q: 'read' })).not.toBe(seen);
  cluster.show(await takeSnapshot(cluster.ctx, first));
  expect(await look({})).not.toBe(seen);
  const later = await look({});
  cluster.clock.now += 1000;
  expect(await look({})).not.toBe(later);
});
