import { expect, test } from 'vitest';
import { topicsQuery } from '@/lib/contract/topics';
import { fakeCluster, NOW } from '../snapshot/fake-cluster.fixture';
import { takeSnapshot } from '../snapshot/take';
import { listTopics } from './list';

const HOUR_MS = 3_600_000;

async function rows(storedAt: (offset: number) => number) {
  const cluster = fakeCluster({
    a: {
      topics: { waiting: [[0, 10]], read: [[0, 10]] },
      groups: ['slow'],
      offsets: { 'waiting@slow': { 0: 4 }, 'read@slow': { 0: 10 } },
      storedAt,
    },
  });
  cluster.show(await takeSnapshot(cluster.ctx, null));
  const { items } = await listTopics(cluster.ctx, topicsQuery.parse({}));
  return Object.fromEntries(items.map((item) => [item.topic, item]));
}

test('what waits unread is safe until its store time and the retention are over; what is read needs no time', async () => {
  const { waiting, read } = await rows((offset) => NOW - 10 * HOUR_MS + offset);
  expect(read).toMatchObject({ unreadSafeForMs: null });
  expect(read?.unknown?.unreadSafeForMs).toBeUndefined();
  const retentionMs = waiting?.retentionMs ?? 0;
  expect(retentionMs).toBeGreaterThan(0);
  expect(waiting?.unreadSafeForMs).toBe(retentionMs - 10 * HOUR_MS + 4);
});

test('it is below zero once the retention is over', async () => {
  const { waiting } = await rows(() => NOW - 1000 * HOUR_MS);
  expect(waiting?.unreadSafeForMs).toBeLessThan(0);
});

test('the group that is furthest back counts, not the one with most lag', async () => {
  const cluster = fakeCluster({
    a: {
      topics: {
        orders: [
          [0, 10],
          [0, 10],
        ],
      },
      groups: ['most', 'oldest'],
      // `most` waits for 6 in each queue, `oldest` for 9 in one.
      offsets: { 'orders@most': { 0: 4, 1: 4 }, 'orders@oldest': { 0: 1, 1: 10 } },
      storedAt: (offset) => NOW - 10 * HOUR_MS + offset,
    },
  });
  cluster.show(await takeSnapshot(cluster.ctx, null));
  const { items } = await listTopics(cluster.ctx, topicsQuery.parse({}));
  expect(items[0]).toMatchObject({ worstGroup: 'most' });
  expect(items[0]?.unreadSafeForMs).toBe((items[0]?.retentionMs ?? 0) - 10 * HOUR_MS + 1);
});
