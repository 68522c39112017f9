import { expect, test } from 'vitest';
import { sharedRead } from './shared-read';
import { fakeCluster } from './snapshot/fake-cluster.fixture';

test('who asks within the time gets the one answer; a failure is asked again', async () => {
  const { ctx, clock } = fakeCluster({});
  let reads = 0;
  const read = (key: string) => sharedRead(ctx, key, 1000, async () => ++reads);
  expect(await Promise.all([read('a'), read('a'), read('b')])).toEqual([1, 1, 2]);
  clock.now += 999;
  expect(await read('a')).toBe(1);
  clock.now += 1;
  expect(await read('a')).toBe(3);

  const fails = () => sharedRead(ctx, 'c', 1000, () => Promise.reject(new Error('no')));
  await expect(fails()).rejects.toThrow('no');
  expect(await read('c')).toBe(4);
});

test('it does not end with the request that began it', async () => {
  const { ctx } = fakeCluster({});
  const gone = new AbortController();
  const reading = sharedRead({ ...ctx, signal: gone.signal }, 'a', 1000, async (shared) => {
    gone.abort();
    return shared.signal.aborted;
  });
  expect(await reading).toBe(false);
});
