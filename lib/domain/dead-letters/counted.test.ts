import { expect, test } from 'vitest';
import type { Ctx } from '../ctx';
import { counted } from './counted';

test('a long count is made once for all who ask, and the one before is shown while it is made anew', async () => {
  const ctx = { client: {} } as Ctx;
  const waiting: ((value: number) => void)[] = [];
  const count = () => new Promise<number>((resolve) => waiting.push(resolve));
  const ask = () => counted(ctx, 'g', 1_000_000, count);

  const first = [ask(), ask()];
  expect(waiting).toHaveLength(1);
  waiting[0]?.(1);
  expect(await Promise.all(first)).toEqual([1, 1]);

  // It rests for some times as long as it took, which was no time.
  await expect.poll(async () => [await ask(), waiting.length]).toEqual([1, 2]);
  expect(await ask()).toBe(1);
  expect(waiting).toHaveLength(2);
  waiting[1]?.(2);
  await expect.poll(ask).toBe(2);
});

test('few letters are counted for each who asks', async () => {
  const ctx = { client: {} } as Ctx;
  let counts = 0;
  const ask = () => counted(ctx, 'g', 20_000, async () => ++counts);
  expect([await ask(), await ask()]).toEqual([1, 2]);
});

test('a count that fails is told to who waits for it, and made again', async () => {
  const ctx = { client: {} } as Ctx;
  let counts = 0;
  const ask = () =>
    counted(ctx, 'g', 1_000_000, () => (++counts === 1 ? Promise.reject(new Error('no')) : Promise.resolve(counts)));
  await expect(ask()).rejects.toThrow('no');
  expect(await ask()).toBe(2);
});
