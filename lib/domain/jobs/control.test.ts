import { expect, test } from 'vitest';
import { JobControl } from './control';

test('the rate is that of the last ten seconds, however many went out in one of them', () => {
  let now = 0;
  const control = new JobControl(() => now);
  expect(control.ratePerSecond()).toBeNull();
  for (; now < 20_000; now += 50) for (let n = 0; n < 100; n++) control.sent();
  // Steps of a tenth of a second: the oldest one is still counted whole.
  expect(control.ratePerSecond()).toBeGreaterThan(1980);
  expect(control.ratePerSecond()).toBeLessThan(2020);
  now += 9_000;
  expect(control.ratePerSecond()).toBeLessThan(250);
  now += 2_000;
  expect(control.ratePerSecond()).toBeNull();
});
