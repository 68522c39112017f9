import { expect, test } from 'vitest';
import { Pace } from './pace';

function paceAt(rate: number) {
  const clock = { now: 0 };
  const sleep = async (ms: number) => {
    clock.now += ms;
  };
  const pace = new Pace(rate, sleep, () => clock.now);
  const window = (tookMs: number, code = 0) => Array.from({ length: 20 }, () => ({ code, tookMs }));
  return { clock, pace, window };
}

test('sends at most so many a second', async () => {
  const { clock, pace } = paceAt(50);
  for (let n = 0; n < 51; n += 1) await pace.take(100);
  expect(clock.now).toBe(1000);
});

test('and at most 16 MiB of bodies a second, however many messages that are', async () => {
  const { clock, pace } = paceAt(500);
  for (let n = 0; n < 65; n += 1) await pace.take(1024 * 1024);
  expect(clock.now).toBe(4000);
});

test('halves when the broker is busy or slow, never below one, and comes back by a tenth every five seconds', () => {
  const { clock, pace, window } = paceAt(100);
  expect(pace.learn(window(500))).toBe(false);
  expect(pace.learn(window(501))).toBe(true);
  expect(pace.speed).toEqual({ rate: 50, planned: 100, slowed: { key: 'slow', code: null, p95Ms: 501 } });
  // What was measured before is forgotten.
  expect(pace.learn(window(10))).toBe(false);
  expect(pace.learn([{ code: 2, tookMs: 1 }])).toBe(true);
  expect(pace.speed).toMatchObject({ rate: 25, slowed: { key: 'busy', code: 2 } });
  const rates = Array.from({ length: 9 }, () => {
    clock.now += 5000;
    pace.learn(window(10));
    return pace.speed.rate;
  });
  expect(rates).toEqual([35, 45, 55, 65, 75, 85, 95, 100, 100]);
  expect(pace.speed.slowed).toBeNull();
  for (let n = 0; n < 10; n += 1) pace.learn([{ code: 215, tookMs: 1 }]);
  expect(pace.speed.rate).toBe(1);
  expect(pace.window).toBe(1);
});

test('one slow answer among twenty is no reason, and code 14 is none either', () => {
  const { pace, window } = paceAt(100);
  expect(pace.learn([...window(10).slice(1), { code: 0, tookMs: 8000 }])).toBe(false);
  expect(pace.learn(window(10, 14))).toBe(false);
});

test('begins as slow as it was', () => {
  const slowed = { key: 'busy', code: 2, p95Ms: null } as const;
  const pace = new Pace(
    100,
    async () => {},
    () => 0,
    { rate: 25, planned: 100, slowed },
  );
  expect(pace.speed).toEqual({ rate: 25, planned: 100, slowed });
});
