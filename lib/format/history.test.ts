import { expect, test } from 'vitest';
import type { HistoryReply } from '@/lib/contract/history';
import { entriesOf, historyOfRates, isAlone, latest, mostOf, prepareHistory, shareOf, valueTicks } from './history';

const T0 = 1_800_000_000_000;
const reply = (lag: (number | null)[], over: Partial<HistoryReply['points']> = {}): HistoryReply => {
  const none = lag.map(() => null);
  return {
    group: 'g',
    from: T0,
    to: T0 + lag.length * 60_000 - 30_000,
    stepMs: 60_000,
    recordedFrom: T0,
    points: {
      at: lag.map((_, index) => T0 + index * 60_000),
      lag,
      lagMin: lag,
      lagMax: lag,
      lagMs: none,
      lagMsMax: none,
      lagMsExact: lag.map(() => true),
      inPerS: none,
      inPeakPerS: none,
      outPerS: none,
      outPeakPerS: none,
      retriesWaiting: none,
      retriesDue: none,
      retriesMax: none,
      deadLetters: none,
      deadLettersMax: none,
      ...over,
    },
    gaps: [],
    marks: [],
    asOf: T0,
  };
};
const rowsOf = (...args: Parameters<typeof reply>) => prepareHistory(reply(...args), 'UTC').rows;

test('a point is drawn at its middle, the one under way up to now', () => {
  expect(rowsOf([1, 2]).map(({ x, to }) => [x - T0, to - T0])).toEqual([
    [30_000, 60_000],
    [75_000, 90_000],
  ]);
});
test('what is not known stays so', () => {
  const rows = rowsOf([null, 4, null]);
  expect(rows.map(({ lag }) => lag)).toEqual([null, 4, null]);
  expect(latest(rows, 'lag')?.lag).toBe(4);
  expect(latest(rows, 'deadLetters')).toBeNull();
  expect(mostOf(rows, ['deadLetters'])).toBeNull();
  expect([0, 1, 2].map((index) => isAlone(rows, index, 'lag'))).toEqual([false, true, false]);
  expect(isAlone(rowsOf([3, 4]), 1, 'lag')).toBe(false);
});
test('the scale holds a spike within a point, and does not make a mountain of little', () => {
  expect(valueTicks(rowsOf([1, 2], { lagMax: [900, 2] }), ['lag']).at(-1)).toBe(1000);
  expect(valueTicks(rowsOf([1, 2]), ['lag']).at(-1)).toBe(100);
  expect(valueTicks(rowsOf([1], { lagMs: [400_000] }), ['lagMs'])).toEqual([0, 300_000, 600_000]);
  expect(valueTicks(rowsOf([1], { lagMs: [40 * 86_400_000] }), ['lagMs']).at(-1)).toBe(40 * 86_400_000);
});
test('a jump that a job made is told by its job', () => {
  const jump = { kind: 'jump' as const, at: T0 + 5, topic: 't', direction: 'back' as const, queues: 1, messages: 2 };
  const marks = [
    { ...jump, jobId: 'j' },
    { ...jump, at: T0 + 9, jobId: null },
    { kind: 'job' as const, at: T0 + 4, endedAt: null, id: 'j', jobKind: 'reset' as const, state: 'DONE' },
  ];
  const gaps = [{ from: T0 + 6, to: T0 + 8, reason: 'down' as const, brokers: [] }];
  expect(entriesOf({ marks, gaps }).map(({ at }) => at - T0)).toEqual([4, 6, 9]);
});
test('places on the axis do not leave it', () => {
  const axis = { from: 100, to: 200 };
  expect([50, 125, 300].map((at) => shareOf(axis, at))).toEqual([0, 0.25, 1]);
});

test('rates one after the other end where the newest ends, and begin where they are known', () => {
  const to = Date.UTC(2026, 0, 1, 12);
  const { rows, from } = historyOfRates([null, 2.5, 4], { to, stepMs: 120_000, lengthMs: 3_600_000 }, 'UTC');
  expect(from).toBe(to - 3_600_000);
  expect(rows.map((row) => [row.from, row.to, row.inPerS])).toEqual([
    [to - 360_000, to - 240_000, null],
    [to - 240_000, to - 120_000, 2.5],
    [to - 120_000, to, 4],
  ]);
  expect(rows.every(({ outPerS, most }) => outPerS === null && most.inPerS === null)).toBe(true);
});
