import { expect, test } from 'vitest';
import { scaleTop } from './scale-top';

test.each([
  [0, 10],
  [6, 10],
  [10, 10],
  [11, 20],
  [61, 100],
  [59, 60],
  [100, 100],
  [101, 200],
  [12_345, 20_000],
])('%i fits under %i', (most, top) => {
  expect(scaleTop(most)).toBe(top);
  expect(Number.isInteger(top / 2)).toBe(true);
});
