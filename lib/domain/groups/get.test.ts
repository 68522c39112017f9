import { describe, expect, test } from 'vitest';
import { getLag } from '../lag/get';
import { fakeCluster, NOW } from '../snapshot/fake-cluster.fixture';
import { nearestName } from '../snapshot/nearest-name';
import { takeSnapshot } from '../snapshot/take';
import { getTopic } from '../topics/get';
import { findGroup, requireGroupOrLetters } from './find';
import { getGroup } from './get';

async function shop(hangs: string[] = []) {
  const cluster = fakeCluster({
    a: {
      topics: { orders: [[0, 10]], 'odd|name%x': [[0, 0]] },
      groups: ['billing'],
      offsets: { 'orders@billing': { 0: 8 } },
      clients: { billing: ['client-1'] },
      holds: { 'client-1': [{ topic: 'orders', brokerName: 'a', queueId: 0 }] },
    },
  });
  cluster.show(await takeSnapshot(cluster.ctx, null));
  cluster.sent.length = 0;
  const broker = cluster.brokers.a;
  if (broker) broker.hangs = hangs;
  return cluster;
}

describe('a name that does not exist', () => {
  test('a group costs one look-up and names the nearest', async () => {
    const { ctx, sent } = await shop();
    const error = await getGroup(ctx, { group: 'biling' }).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'NOT_FOUND',
      key: 'group_not_found',
      params: { nearest: 'billing', hasNearest: 'yes' },
    });
    expect(sent).toEqual(['GET_ALL_SUBSCRIPTIONGROUP_CONFIG']);
    await expect(getLag(ctx, { group: 'other' })).rejects.toMatchObject({ params: { hasNearest: 'no' } });
  });
  test('a group that a silent broker may have says so', async () => {
    const cluster = fakeCluster({
      a: { topics: { '%DLQ%gone': [[0, 1]] }, groups: [], offsets: {} },
      b: { topics: {}, groups: ['there'], offsets: {}, hangs: ['*'] },
    });
    cluster.show(await takeSnapshot(cluster.ctx, null));
    await expect(findGroup(cluster.ctx, 'there')).rejects.toMatchObject({ params: { isSilent: 'yes', silent: 'b' } });
    cluster.sent.length = 0;
    await requireGroupOrLetters(cluster.ctx, 'gone');
    expect(cluster.sent).toEqual([]);
    await expect(requireGroupOrLetters(cluster.ctx, 'never')).rejects.toMatchObject({ key: 'group_not_found' });
  });
  test('a topic costs one look-up at a NameServer and no broker request', async () => {
    const { ctx, sent } = await shop();
    await expect(getTopic(ctx, { topic: 'order' })).rejects.toMatchObject({
      key: 'topic_not_found',
      params: { nearest: 'orders' },
    });
    expect(sent).toEqual([]);
  });
  test('a group younger than the last sweep is there, with nothing known', async () => {
    const { ctx, brokers } = await shop();
    brokers.a?.groups.push('young');
    const group = await getGroup(ctx, { group: 'young' });
    expect(group).toMatchObject({ lag: null, deadLetters: null, status: 'UNKNOWN', unknown: { lag: 'not_sampled' } });
  });
});

describe('a group in detail', () => {
  test('members with the queues they hold, and the store time of the next unread message', async () => {
    const { ctx } = await shop();
    const group = await getGroup(ctx, { group: 'billing' });
    expect(group.members).toMatchObject([
      { clientId: 'client-1', queues: [{ topic: 'orders', broker: 'a', queueId: 0 }] },
    ]);
    const lag = await getLag(ctx, { group: 'billing' });
    expect(lag.queues).toMatchObject([
      { topic: 'orders', committedOffset: 8, maxOffset: 10, lag: 2, clientId: 'client-1' },
    ]);
    expect(lag.totals).toMatchObject({ lag: 2, retryLag: 0, queues: 1 });
  });
  test('an unread message that cannot be read has no age, not age zero', async () => {
    const { ctx } = await shop(['PULL_MESSAGE']);
    const [queue] = (await getLag(ctx, { group: 'billing' })).queues;
    expect(queue).toMatchObject({ lag: 2, lagMs: null, nextUnreadStoredAt: null, unknown: { lagMs: 'not_read' } });
    expect((await getGroup(ctx, { group: 'billing' })).lagMs).toBeNull();
  });
  test('when the only master hangs the cause is thrown', async () => {
    const { ctx } = await shop(['*']);
    await expect(getGroup(ctx, { group: 'billing' })).rejects.toMatchObject({ kind: 'TIMEOUT' });
  });
});

test('odd names are found', async () => {
  const { ctx } = await shop();
  expect(await getTopic(ctx, { topic: 'odd|name%x' })).toMatchObject({
    kept: 0,
    queues: [{ broker: 'a', queueId: 0 }],
    asOf: NOW,
  });
});

test('the nearest name is close or none', () => {
  expect(nearestName('Orders', ['orders', 'order'])).toBe('orders');
  expect(nearestName('ab', ['cd'])).toBeNull();
  expect(nearestName('payments', ['payment-x', 'paymetns'])).toBe('payment-x');
});

test('a lag that leaves a silent broker out says so on the topic', async () => {
  const cluster = fakeCluster({
    a: { topics: { orders: [[0, 10]] }, groups: ['billing'], offsets: { 'orders@billing': { 0: 8 } } },
    b: { topics: { orders: [[0, 10]] }, groups: ['billing'], offsets: {}, hangs: ['*'] },
  });
  cluster.show(await takeSnapshot(cluster.ctx, null));
  const topic = await getTopic(cluster.ctx, { topic: 'orders' });
  expect(topic.groups).toMatchObject([{ group: 'billing', lag: 2, unknown: { lag: 'broker_silent' } }]);
});

test('a client that stands twice on a broker is one member there', async () => {
  const cluster = fakeCluster({
    a: {
      topics: { orders: [[0, 10]] },
      groups: ['billing'],
      offsets: {},
      clients: { billing: ['client-1', 'client-1'] },
    },
  });
  cluster.show(await takeSnapshot(cluster.ctx, null));
  const { members } = await getGroup(cluster.ctx, { group: 'billing' });
  expect(members.map(({ clientId, brokers }) => [clientId, brokers])).toEqual([['client-1', ['a']]]);
});
