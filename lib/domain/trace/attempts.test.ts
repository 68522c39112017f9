import { describe, expect, test } from 'vitest';
import { attemptsOf } from './attempts';
import type { Context } from './contexts';

const T0 = 1_800_000_000_000;
const begun = (n: number, at: number) =>
  ({ type: 'SubBefore', requestId: `r${n}`, at: T0 + at, retryTimes: n - 1, client: 'c' }) as unknown as Context;
const ended = (n: number, at: number, success = false) =>
  ({
    type: 'SubAfter',
    requestId: `r${n}`,
    at: T0 + at,
    costMs: 10,
    success,
    contextCode: success ? 0 : 4,
    client: 'c',
  }) as unknown as Context;
const copy = (attempt: number, at: number) => ({
  attempt,
  at: T0 + at,
  next: { kind: 'retry' as const, at: T0 + at + 1000, delayLevel: attempt + 2 },
});
const numbers = (contexts: Context[], copies: ReturnType<typeof copy>[]) =>
  attemptsOf(contexts, copies, T0 + 60_000).map(({ attempt, source }) => `${attempt} ${source}`);

describe('attempts of a group', () => {
  test('a beginning and an end are one attempt, with the copy that it left', () => {
    const [attempt, ...rest] = attemptsOf([begun(1, 0), ended(1, 10)], [copy(1, 12)], T0 + 60_000);
    expect(attempt).toMatchObject({ attempt: 1, costMs: 10, result: 'failed', next: { kind: 'retry' } });
    expect(rest).toEqual([]);
  });

  test('an end whose beginning nobody could read is the attempt of the copy stored then, not the first again', () => {
    const contexts = [begun(1, 0), ended(1, 10), ended(2, 20_010), begun(3, 40_000), ended(3, 40_010)];
    const copies = [copy(1, 12), copy(2, 20_012), copy(3, 40_012)];
    expect(numbers(contexts, copies)).toEqual(['1 trace', '2 trace', '3 trace']);
  });

  test('without a copy it follows the one before it', () => {
    expect(numbers([begun(1, 0), ended(1, 10), ended(2, 20_010, true)], [copy(1, 12)])).toEqual(['1 trace', '2 trace']);
  });

  test('of an attempt that only left a copy it is known by when it had failed', () => {
    const [first, second] = attemptsOf(
      [begun(2, 20_000), ended(2, 20_010)],
      [copy(1, 12), copy(2, 20_012)],
      T0 + 60_000,
    );
    expect(first).toMatchObject({ attempt: 1, startedAt: null, failedBy: T0 + 12 });
    expect(second).toMatchObject({ attempt: 2, startedAt: T0 + 20_000, failedBy: T0 + 20_012 });
  });

  test('a copy without a trace is an attempt of its own', () => {
    expect(numbers([begun(2, 20_000), ended(2, 20_010)], [copy(1, 12), copy(2, 20_012)])).toEqual([
      '1 stored',
      '2 trace',
    ]);
  });
});
