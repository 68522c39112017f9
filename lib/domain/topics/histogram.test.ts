import { describe, expect, test } from 'vitest';
import { type FakeBroker, fakeCluster, NOW } from '../snapshot/fake-cluster.fixture';
import { takeSnapshot } from '../snapshot/take';
import { countByStoreTime } from './histogram';

const MINUTE = 60_000;
/** One message a minute, the last one half a minute ago: offset 0 at NOW − 10.5 min. */
const broker = (queues: [number, number][]): FakeBroker => ({
  topics: { orders: queues },
  storedAt: (offset) => NOW - 10.5 * MINUTE + offset * MINUTE,
  groups: [],
  offsets: {},
});

async function shop(brokers: Record<string, FakeBroker>) {
  const cluster = fakeCluster(brokers);
  cluster.show(await takeSnapshot(cluster.ctx, null));
  cluster.sent.length = 0;
  return cluster;
}
const counts = ({ buckets }: { buckets: { count: number | null }[] }) => buckets.map(({ count }) => count);

describe('messages by store time', () => {
  test('sums the queues of all brokers, up to the end of each', async () => {
    const { ctx } = await shop({
      a: broker([
        [0, 11],
        [0, 11],
      ]),
      b: broker([[0, 11]]),
    });
    const reply = await countByStoreTime(ctx, { topic: 'orders', from: NOW - 5 * MINUTE, to: undefined, buckets: 5 });
    expect(counts(reply)).toEqual([3, 3, 3, 3, 3]);
    expect(reply).toMatchObject({ from: NOW - 5 * MINUTE, to: NOW, queues: 3, total: 15, failures: [] });
    expect(reply.unknown).toBeUndefined();
  });
  test('messages removed by retention do not count, and an empty queue costs no search', async () => {
    const { ctx, sent } = await shop({
      a: broker([
        [8, 11],
        [4, 4],
      ]),
    });
    const reply = await countByStoreTime(ctx, { topic: 'orders', from: NOW - 11 * MINUTE, to: NOW, buckets: 11 });
    expect(counts(reply)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    expect(sent.filter((name) => name === 'SEARCH_OFFSET_BY_TIMESTAMP')).toHaveLength(11);
  });
  test('without a start it begins at the oldest message kept', async () => {
    const { ctx } = await shop({
      a: broker([
        [6, 11],
        [8, 11],
      ]),
    });
    const reply = await countByStoreTime(ctx, { topic: 'orders', from: undefined, to: undefined, buckets: 3 });
    expect(reply).toMatchObject({ from: NOW - 4.5 * MINUTE, oldestStoredAt: NOW - 4.5 * MINUTE, total: 8 });
  });
  test('buckets that have not begun are left out, the last one ends now', async () => {
    const { ctx } = await shop({ a: broker([[0, 11]]) });
    const range = { from: NOW - 90_000, to: NOW + 90_000, buckets: 3 };
    const reply = await countByStoreTime(ctx, { topic: 'orders', ...range });
    expect(reply.buckets).toEqual([
      { from: NOW - 90_000, count: 1 },
      { from: NOW - 30_000, count: 1 },
    ]);
    expect(reply.to).toBe(NOW);
    await expect(
      countByStoreTime(ctx, { topic: 'orders', from: NOW + 1, to: undefined, buckets: 3 }),
    ).rejects.toMatchObject({ key: 'histogram_range' });
  });
  test('a broker that falls silent is told, and a bucket with nothing else is unknown, not 0', async () => {
    const { ctx, brokers } = await shop({ a: broker([[10, 11]]), b: broker([[0, 11]]) });
    if (brokers.b) brokers.b.hangs = ['*'];
    const reply = await countByStoreTime(ctx, { topic: 'orders', from: NOW - 2 * MINUTE, to: NOW, buckets: 2 });
    expect(counts(reply)).toEqual([null, 1]);
    expect(reply).toMatchObject({ total: 1, unknown: { total: 'broker_silent' }, failures: [{ broker: 'b' }] });
  });
  test('silent in the middle: its queues are left out of every bucket', async () => {
    const { ctx, brokers } = await shop({ a: broker([[0, 11]]), b: broker([[0, 11]]) });
    if (brokers.b) brokers.b.hangs = ['SEARCH_OFFSET_BY_TIMESTAMP'];
    const reply = await countByStoreTime(ctx, { topic: 'orders', from: NOW - 2 * MINUTE, to: NOW, buckets: 2 });
    expect(counts(reply)).toEqual([1, 1]);
    expect(reply).toMatchObject({ unknown: { total: 'broker_silent' }, failures: [{ broker: 'b' }] });
  });
  test('many queues make fewer buckets; far too many are refused', async () => {
    const { ctx } = await shop({ a: broker(Array.from({ length: 100 }, () => [0, 11])) });
    const reply = await countByStoreTime(ctx, { topic: 'orders', from: NOW - 5 * MINUTE, to: NOW, buckets: 48 });
    expect(reply.buckets).toHaveLength(19);
    const wide = await shop({ a: broker(Array.from({ length: 1001 }, () => [0, 11])) });
    await expect(
      countByStoreTime(wide.ctx, { topic: 'orders', from: NOW - 5 * MINUTE, to: NOW, buckets: 48 }),
    ).rejects.toMatchObject({ key: 'histogram_too_many_queues' });
  });
});
