import { expect, test } from 'vitest';
import type { Ctx } from '../ctx';
import { giveWay, hurry, whileLooking } from './give-way';

test('the background stands back until the last who looks has his answer, and no longer than a moment', async () => {
  const ctx = { client: {} as Ctx['client'] };
  expect(giveWay(ctx)).toBeUndefined();
  const answers: (() => void)[] = [];
  const look = () => whileLooking(ctx, () => new Promise<void>((resolve) => answers.push(resolve)));
  const looks = [look(), look()];
  let steps = 0;
  const step = giveWay(ctx)?.then(() => {
    steps += 1;
  });
  answers[0]?.();
  await looks[0];
  expect(steps).toBe(0);
  answers[1]?.();
  await Promise.all([looks[1], step]);
  expect(steps).toBe(1);
  expect(giveWay(ctx)).toBeUndefined();

  const failing = whileLooking(ctx, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(giveWay(ctx)).toBeUndefined();

  void look();
  let isOver = false;
  const paused = giveWay(ctx)?.then(() => {
    isOver = true;
  });
  await Promise.resolve();
  expect(isOver).toBe(false);
  hurry(ctx);
  await paused;
  await giveWay(ctx);
});
