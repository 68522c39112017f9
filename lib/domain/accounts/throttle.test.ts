import { expect, test } from 'vitest';
import { SignInThrottle, TRIES } from './throttle';

test('C18 a name waits at the place where it was tried, and nowhere else', () => {
  let now = 0;
  const throttle = new SignInThrottle(() => now);
  for (let n = TRIES.perName - 1; n >= 0; n--) expect(throttle.count('ann', '10.0.0.1')).toBe(n);
  expect(throttle.waitMs('ann', '10.0.0.1')).toBe(TRIES.withinMs);
  expect(throttle.waitMs('ann', '10.0.0.2')).toBe(0);
  expect(throttle.waitMs('bob', '10.0.0.1')).toBe(0);
  now = TRIES.withinMs;
  expect(throttle.waitMs('ann', '10.0.0.1')).toBe(0);
});

test('C18 a place that tries many names waits with all of them', () => {
  const throttle = new SignInThrottle(() => 0);
  for (let n = 0; n < TRIES.perPlace; n++) throttle.count(`name-${n}`, '10.0.0.1');
  expect(throttle.waitMs('another', '10.0.0.1')).toBeGreaterThan(0);
  expect(throttle.waitMs('another', '10.0.0.2')).toBe(0);
});

test('the right password starts the count anew and costs the place nothing', () => {
  const throttle = new SignInThrottle(() => 0);
  for (let round = 0; round < TRIES.perPlace * 2; round++) {
    throttle.count('ann', '10.0.0.1');
    throttle.forgive('ann', '10.0.0.1');
  }
  expect(throttle.waitMs('ann', '10.0.0.1')).toBe(0);
  expect(throttle.count('ann', '10.0.0.1')).toBe(TRIES.perName - 1);
});
