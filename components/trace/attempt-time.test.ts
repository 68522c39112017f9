import { expect, test } from 'vitest';
import type { TraceAttempt } from './attempt-runs';
import { attemptTime } from './attempt-time';

const say = ((key: string, values: Record<string, string> = {}) =>
  [key, ...Object.values(values)].join(' ')) as unknown as Parameters<typeof attemptTime>[1];
const format = { time: (at: number) => `${at}` };
const attempt = (startedAt: number | null, failedBy: number | null) => ({ startedAt, failedBy }) as TraceAttempt;
const timeOf = (first: TraceAttempt, last = first) => attemptTime({ first, last }, say, format);

test('an attempt is told by its beginning, else by when it had failed, else as unknown', () => {
  expect(timeOf(attempt(5, 7))).toBe('5');
  expect(timeOf(attempt(null, 7))).toBe('failedBy 7');
  expect(timeOf(attempt(null, null))).toBe('timeUnknown');
});

test('a run spans its first and its last attempt, as far as both are known', () => {
  expect(timeOf(attempt(5, 7), attempt(9, 10))).toBe('span 5 9');
  expect(timeOf(attempt(5, 7), attempt(null, 10))).toBe('span 5 failedBy 10');
  expect(timeOf(attempt(null, 7), attempt(null, 10))).toBe('failedBy 10');
  expect(timeOf(attempt(null, null), attempt(null, null))).toBe('timeUnknown');
});
