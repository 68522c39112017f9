import { describe, expect, test } from 'vitest';
import type { HistoryRow, StoredHistory } from '@/lib/store/history';
import { aggregate } from './aggregate';
import { gapsOf } from './gaps';
import { rangeOf } from './range';

const T0 = 1_800_000_000_000;
const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

const row = (at: number, over: Partial<HistoryRow> = {}): HistoryRow => ({
  tierMs: 0,
  at: T0 + at,
  spanMs: 5 * SECOND,
  produced: 0,
  consumed: 0,
  producedPeak: null,
  consumedPeak: null,
  lag: 0,
  lagMin: over.lag ?? 0,
  lagMax: over.lag ?? 0,
  oldestAt: null,
  age: 0,
  ageMaxMs: 0,
  waiting: 0,
  due: 0,
  retriesMax: 0,
  dead: 0,
  deadMax: 0,
  isKnown: 1,
  state: 0,
  ...over,
});
const silent = (at: number) => row(at, { lag: null, lagMin: null, lagMax: null, isKnown: 0, state: 1 });
const stored = (over: Partial<StoredHistory>): StoredHistory => ({
  firstAt: T0,
  lastSweepAt: T0 + MINUTE,
  base: null,
  rows: [],
  gaps: [],
  jumps: [],
  ...over,
});
/** The minute after T0 in points of 15 s. */
const minute = (over: Partial<StoredHistory>, to = MINUTE) => {
  const range = { from: T0, to: T0 + to, stepMs: 15 * SECOND, tierMs: 0 as const };
  const history = stored(over);
  return { ...aggregate(history, range, gapsOf(history, range)), gaps: gapsOf(history, range) };
};

describe('points', () => {
  test('an estimated age is no peak beside one that was read, and is one where nothing was', () => {
    const age = (at: number, read: 1 | 2, ageMaxMs: number) =>
      row(at, { lag: 5, age: read, oldestAt: T0 - 1000, ageMaxMs });
    const points = minute({ rows: [age(1000, 2, 900_000), age(5000, 1, 6000), age(20_000, 2, 800_000)] });
    expect(points.lagMsMax.slice(0, 2)).toEqual([16_000, 800_000]);
  });
  test('take the last figures within them, and what has not changed stands', () => {
    const points = minute({ rows: [row(0, { lag: 4 }), row(20_000, { lag: 9 }), row(25_000, { lag: 6 })] });
    expect(points.at.map((at) => at - T0)).toEqual([0, 15_000, 30_000, 45_000]);
    expect(points.lag).toEqual([4, 6, 6, 6]);
    expect(points.lagMax).toEqual([4, 9, 6, 6]);
    expect(points.lagMin).toEqual([4, 6, 6, 6]);
  });

  test('begin with how the group was before them', () => {
    const base = row(-MINUTE, { tierMs: 60_000, lag: 7, dead: 3, oldestAt: T0 - 10_000, age: 2 });
    const points = minute({ firstAt: T0 - HOUR, base });
    expect(points.lag).toEqual([7, 7, 7, 7]);
    expect(points.deadLetters).toEqual([3, 3, 3, 3]);
    // The oldest message gets older though nothing changes.
    expect(points.lagMs).toEqual([25_000, 40_000, 55_000, 70_000]);
    expect(points.lagMsExact).toEqual([false, false, false, false]);
    expect(minute({ firstAt: T0 - HOUR, base: { ...base, isKnown: 0, state: 1 } }).lag).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test('are unknown before the recording, and end with the last sweep', () => {
    const points = minute({ firstAt: T0 + 30_000, rows: [row(30_000, { lag: 5 })], lastSweepAt: T0 + 44_000 });
    expect(points.lag).toEqual([null, null, 5]);
    expect(points.inPerS).toEqual([null, null, 0]);
  });

  test('tell zero from unknown', () => {
    const points = minute({ rows: [row(0, { lag: null, lagMin: null, lagMax: null, oldestAt: null, age: 3 })] });
    expect([points.lag[1], points.lagMs[1], points.deadLetters[1]]).toEqual([null, null, 0]);
    expect(minute({ rows: [row(0)] })).toMatchObject({ lagMs: [0, 0, 0, 0], lagMsExact: [true, true, true, true] });
  });
});

describe('rates', () => {
  test('are what was counted over its own time, also across the edge of a point', () => {
    const rows = [row(0), ...[4, 9, 14, 19, 24, 29].map((at) => row(at * SECOND, { produced: 50, consumed: 25 }))];
    const { inPerS, outPerS } = minute({ rows, firstAt: T0 - MINUTE, lastSweepAt: T0 + 29_000 });
    expect(inPerS).toEqual([10, 10]);
    expect(outPerS).toEqual([5, 5]);
  });

  test('of tiers are over the time between their sweeps, with the busiest minute beside them', () => {
    const range = { from: T0, to: T0 + 20 * MINUTE, stepMs: 10 * MINUTE, tierMs: 600_000 as const };
    const tier = { tierMs: 600_000, spanMs: 602_000, produced: 6020, producedPeak: 45_000 };
    const history = stored({ rows: [row(0, tier)], lastSweepAt: T0 + 20 * MINUTE });
    expect(aggregate(history, range, [])).toMatchObject({ inPerS: [10, 0], inPeakPerS: [45, 0] });
  });
});

describe('gaps', () => {
  test('of the console have no figures, whatever was before and after', () => {
    const gap = { broker: '', from: T0 + 14_000, to: T0 + 46_000, reason: 'down' as const };
    const points = minute({ rows: [row(0, { lag: 4 }), row(46_000, { lag: 4 })], gaps: [gap] });
    expect(points.lag).toEqual([4, null, null, 4]);
    expect(points.inPerS).toEqual([0, null, null, 0]);
    expect(points.gaps).toEqual([{ from: gap.from, to: gap.to, reason: 'down', brokers: [] }]);
  });

  test('of a broker reach from its silence to the next figure, and name it', () => {
    const gaps = [
      { broker: 'b', from: T0 + 9000, to: T0 + 50_000, reason: 'silent' as const },
      { broker: 'a', from: T0 - HOUR, to: T0 - MINUTE, reason: 'silent' as const },
    ];
    const points = minute({ rows: [row(0, { lag: 4 }), silent(12_000), row(48_000, { lag: 8 })], gaps });
    expect(points.lag).toEqual([4, null, null, 8]);
    expect(points.gaps.map(({ from, to, ...rest }) => [from - T0, to - T0, rest])).toEqual([
      [12_000, 48_000, { reason: 'silent', brokers: ['b'] }],
    ]);
    // Other groups may not use the broker.
    expect(minute({ rows: [row(0)], gaps }).gaps).toEqual([]);
  });

  test('last while the cluster is not reached, and after a group is gone', () => {
    const history = { rows: [row(0, { lag: 4 })], lastSweepAt: T0 + 20_000 };
    const unreached = minute(history, 2 * MINUTE);
    expect(unreached.lag).toEqual([4, 4, null, null, null, null, null, null]);
    expect(unreached.gaps).toMatchObject([{ from: T0 + 20_000, to: T0 + 2 * MINUTE, reason: 'unreached' }]);
    const gone = minute({ rows: [row(0, { lag: 4 }), { ...silent(15_000), state: 2 }] });
    expect(gone.lag).toEqual([4, null, null, null]);
    expect(gone.gaps).toMatchObject([{ reason: 'gone', brokers: [] }]);
  });
});

describe('range', () => {
  const now = T0 + 7 * SECOND;
  const stepOf = (lengthMs: number, endedAgo = 0) =>
    rangeOf({ from: now - endedAgo - lengthMs, to: now - endedAgo }, now);

  test('is the last hour, in points that begin at whole steps', () => {
    expect(rangeOf({}, now)).toEqual({ from: T0 - HOUR, to: now, stepMs: 15_000, tierMs: 0 });
  });
  test('has some hundred points at most, as fine as what is kept', () => {
    expect(stepOf(6 * HOUR)).toMatchObject({ stepMs: MINUTE, tierMs: MINUTE });
    expect(stepOf(24 * HOUR)).toMatchObject({ stepMs: 5 * MINUTE, tierMs: MINUTE });
    expect(stepOf(7 * 24 * HOUR)).toMatchObject({ stepMs: 30 * MINUTE, tierMs: 10 * MINUTE });
    expect(stepOf(30 * 24 * HOUR)).toMatchObject({ stepMs: 2 * HOUR, tierMs: 10 * MINUTE });
    expect(stepOf(HOUR, 5 * HOUR)).toMatchObject({ stepMs: MINUTE, tierMs: MINUTE });
    expect(stepOf(HOUR, 72 * HOUR)).toMatchObject({ stepMs: 10 * MINUTE, tierMs: 10 * MINUTE });
  });
  test.each([
    ['shorter than an hour', HOUR - 1, 0],
    ['longer than thirty days', 30 * 24 * HOUR + 1, 0],
    ['reversed', -HOUR, 0],
    ['ahead', HOUR, -2 * HOUR],
  ])('%s is refused', (_, length, endedAgo) => {
    expect(() => stepOf(length, endedAgo)).toThrow('history_range');
  });
});
