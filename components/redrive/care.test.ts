import { describe, expect, test } from 'vitest';
import { careInput, isCanaryUseful, NO_CARE } from './care';

const warning = (key: string) => ({ key, severity: 'warning' as const, params: {} });

describe('a canary', () => {
  test('is of use where the group reads the copies, is connected, and what becomes of them can be seen', () => {
    expect(isCanaryUseful({ judged: true, warnings: [warning('consumed_again')] })).toBe(true);
    expect(isCanaryUseful({ judged: false, warnings: [] })).toBe(false);
    for (const key of ['canary_alone', 'no_members', 'group_not_subscribed', 'consume_disabled', 'brake_blind'])
      expect(isCanaryUseful({ judged: true, warnings: [warning(key)] })).toBe(false);
  });

  test('is part of the plan only when it is on', () => {
    expect(careInput(NO_CARE, true, 500)?.canary).toEqual({ waitMs: 60_000 });
    expect(careInput(NO_CARE, false, 500)?.canary).toBeNull();
    expect(careInput({ ...NO_CARE, wait: '1' }, true, 500)).toBeNull();
    expect(careInput({ ...NO_CARE, wait: '1' }, false, 500)?.canary).toBeNull();
  });

  test('and new ids only when they are asked for', () => {
    expect(careInput(NO_CARE, true, 500)?.newIds).toBe(false);
    expect(careInput({ ...NO_CARE, newIds: true }, true, 500)?.newIds).toBe(true);
  });
});
