import { expect, test } from 'vitest';
import { exceptionsOf, outcomeAt, outcomeLook, settledOf } from './outcome-looks';

test('a copy under way is one whose outcome is not known once nobody works on its job', () => {
  expect(outcomeAt('RUNNING', 'INTENT')).toBe('INTENT');
  expect(outcomeAt('VERIFYING', 'INTENT')).toBe('INTENT');
  expect(outcomeAt('PAUSED', 'INTENT')).toBe('INTENT_AT_REST');
  expect(outcomeAt('PAUSED', 'CONSUMED')).toBe('CONSUMED');
  expect(outcomeLook('INTENT_AT_REST').tone).toBe('warn');
});

test('it counts as before: neither settled nor an exception', () => {
  expect(settledOf({ INTENT: 2, CONSUMED: 1 })).toBe(1);
  expect(exceptionsOf({ INTENT: 2, CONSUMED: 1 })).toBe(0);
});
