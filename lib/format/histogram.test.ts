import { describe, expect, test } from 'vitest';
import {
  placeOf,
  prepareHistogram,
  roundCounts,
  roundTimes,
  shortCount,
  stepTime,
  storedSince,
  wholeSteps,
} from './histogram';

const bars = [
  { from: 0, to: 10, count: 4 },
  { from: 10, to: 20, count: 0 },
  { from: 20, to: 30, count: 6 },
];

describe('axes', () => {
  test('counts start at zero, end above the largest, and have two to four round ticks', () => {
    expect(roundCounts(0)).toEqual([0, 1]);
    expect(roundCounts(2)).toEqual([0, 1, 2]);
    expect(roundCounts(7)).toEqual([0, 5, 10]);
    expect(roundCounts(2900)).toEqual([0, 1000, 2000, 3000]);
    expect(roundCounts(3001)).toEqual([0, 2000, 4000]);
    for (let most = 1; most < 5000; most += 7) {
      const ticks = roundCounts(most);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
      expect(ticks.length).toBeLessThanOrEqual(4);
    }
  });
  test('times are round on the wall clock of the zone', () => {
    const at = Date.parse('2026-11-21T02:43:00+05:45');
    const ticks = roundTimes(at, at + 3_600_000, 'Asia/Kathmandu');
    expect(ticks[0]).toBe(Date.parse('2026-11-21T02:50:00+05:45'));
    expect(ticks.at(-1)).toBe(Date.parse('2026-11-21T03:40:00+05:45'));
    const days = roundTimes(Date.parse('2026-11-18T03:00Z'), Date.parse('2026-11-21T03:00Z'), 'UTC');
    expect(days).toContain(Date.parse('2026-11-20T00:00Z'));
    expect(days.length).toBeLessThanOrEqual(7);
  });
  test('labels are short', () => {
    expect([0, 999, 1000, 1500, 20_000, 2_000_000].map(shortCount)).toEqual([
      '0',
      '999',
      '1\u202fk',
      '1.5\u202fk',
      '20\u202fk',
      '2\u202fM',
    ]);
  });
  test('a reply becomes bars that end where the next begins', () => {
    const { bars: drawn, stepMs } = prepareHistogram(
      {
        topic: 't',
        from: 0,
        to: 25,
        queues: 1,
        oldestStoredAt: null,
        buckets: [
          { from: 0, count: 1 },
          { from: 10, count: null },
          { from: 20, count: 2 },
        ],
        total: 3,
        asOf: 25,
        failures: [],
      },
      'UTC',
    );
    expect(drawn.map(({ to }) => to)).toEqual([10, 20, 25]);
    expect(drawn[1]?.count).toBeNull();
    expect(stepMs).toBe(10);
  });
});

test('whole steps end at the first round time after now', () => {
  expect(wholeSteps(605, { lengthMs: 300, stepMs: 100 })).toEqual({ from: 400, to: 700, buckets: 3 });
  expect(wholeSteps(600, { lengthMs: 300, stepMs: 100 })).toEqual({ from: 400, to: 700, buckets: 3 });
});

describe('the chosen time', () => {
  test('moves from bar to bar and stops at the ends', () => {
    expect(stepTime(bars, 10, 1)).toBe(20);
    expect(stepTime(bars, 20, 1)).toBe(20);
    expect(stepTime(bars, 10, -1)).toBe(0);
    expect(stepTime(bars, 15, -1)).toBe(10);
    expect(stepTime(bars, 15, 1)).toBe(20);
    expect(stepTime(bars, -5, 1)).toBe(0);
    expect(stepTime(bars, -5, -1)).toBe(0);
    expect(stepTime(bars, 99, -1)).toBe(20);
    expect(stepTime(bars, null, -1)).toBe(20);
    expect(stepTime([], 5, 1)).toBeNull();
  });
  test('tells how much was stored since, a part of its own bar', () => {
    expect(storedSince(bars, 0)).toBe(10);
    expect(storedSince(bars, 5)).toBe(8);
    expect(storedSince(bars, 30)).toBe(0);
    expect(storedSince(bars, -1)).toBeNull();
    expect(storedSince(bars, 31)).toBeNull();
    expect(storedSince([...bars, { from: 30, to: 40, count: null }], 5)).toBeNull();
  });
});

test('a time lies where its bar is, the last bar may be shorter', () => {
  const drawn = { bars: [...bars, { from: 30, to: 35, count: 1 }], stepMs: 10 };
  expect([0, 5, 20, 30, 35].map((at) => placeOf(drawn, at))).toEqual([0, 0.125, 0.5, 0.75, 0.875]);
  expect(placeOf(drawn, -1)).toBe(0);
});
