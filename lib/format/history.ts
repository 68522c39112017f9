import type { HistoryGap, HistoryMark, HistoryReply } from '@/lib/contract/history';
import { roundCounts, roundTimes } from './histogram';

export type Series = 'lag' | 'lagMs' | 'inPerS' | 'outPerS' | 'retries' | 'retriesDue' | 'deadLetters';
/** What lies beside a series: its extremes within a point. */
const MOST = {
  lag: 'lagMax',
  lagMs: 'lagMsMax',
  inPerS: 'inPeakPerS',
  outPerS: 'outPeakPerS',
  retries: 'retriesMax',
  retriesDue: null,
  deadLetters: 'deadLettersMax',
} as const;

/** A point as it is drawn: at its middle. */
export type HistoryRow = Record<Series, number | null> & {
  from: number;
  to: number;
  x: number;
  isExact: boolean;
  most: Record<Series, number | null>;
  lagMin: number | null;
};

export interface History {
  rows: HistoryRow[];
  /** Ends of the axis. */
  from: number;
  to: number;
  timeTicks: number[];
}

export function prepareHistory({ points, from, to, stepMs }: HistoryReply, zone: string): History {
  const rows = points.at.map((at, index): HistoryRow => {
    const of = (key: Exclude<keyof typeof points, 'at' | 'lagMsExact'>) => points[key][index] ?? null;
    const end = Math.min(at + stepMs, to);
    const figures = (of_: (series: Series) => number | null) =>
      Object.fromEntries(SERIES.map((series) => [series, of_(series)])) as Record<Series, number | null>;
    return {
      ...figures((series) => (series === 'retries' ? sum(of('retriesWaiting'), of('retriesDue')) : of(series))),
      from: at,
      to: end,
      x: (at + end) / 2,
      isExact: points.lagMsExact[index] ?? false,
      most: figures((series) => {
        const key = MOST[series];
        return key && of(key);
      }),
      lagMin: of('lagMin'),
    };
  });
  return { rows, from, to, timeTicks: roundTimes(from, to, zone) };
}

/** Rates that were taken one after the other, each over `stepMs`, the newest until `to`. */
export function historyOfRates(
  rates: readonly (number | null)[],
  ends: { to: number; stepMs: number; lengthMs: number },
  zone: string,
): History {
  const { to, stepMs } = ends;
  const from = to - ends.lengthMs;
  const none = () => Object.fromEntries(SERIES.map((series) => [series, null])) as Record<Series, null>;
  const rows = rates.map((inPerS, index): HistoryRow => {
    const end = to - (rates.length - 1 - index) * stepMs;
    return {
      ...none(),
      inPerS,
      from: end - stepMs,
      to: end,
      x: end - stepMs / 2,
      isExact: true,
      most: none(),
      lagMin: null,
    };
  });
  return { rows, from, to, timeTicks: roundTimes(from, to, zone) };
}
const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);
const SERIES = Object.keys(MOST) as Series[];

/** The newest figure of a series that is known; null when none is. */
export const latest = (rows: readonly HistoryRow[], series: Series): HistoryRow | null =>
  rows.findLast((row) => row[series] !== null) ?? null;

/** The largest figure, spikes within a point included; null when none is known. */
export function mostOf(rows: readonly HistoryRow[], series: readonly Series[]): number | null {
  let most: number | null = null;
  for (const row of rows)
    for (const each of series) {
      const value = Math.max(row[each] ?? -1, row.most[each] ?? -1);
      if (value >= 0 && value > (most ?? -1)) most = value;
    }
  return most;
}

/** No neighbour to draw a line to. */
export const isAlone = (rows: readonly HistoryRow[], index: number, series: Series): boolean =>
  rows[index]?.[series] != null && rows[index - 1]?.[series] == null && rows[index + 1]?.[series] == null;

/** So that a handful of messages draws no mountain. */
const FLOOR: Record<Series, number> = {
  lag: 100,
  lagMs: 10_000,
  inPerS: 1,
  outPerS: 1,
  retries: 10,
  retriesDue: 10,
  deadLetters: 10,
};

/** Round values of the scale from zero to its top. */
export function valueTicks(rows: readonly HistoryRow[], series: readonly Series[]): number[] {
  const top = Math.max(mostOf(rows, series) ?? 0, ...series.map((each) => FLOOR[each]));
  return series.includes('lagMs') ? roundDurations(top) : roundCounts(top);
}

const SECOND_MS = 1000;
const DAY_S = 86_400;
/** Of each also the double and the triple is said in one unit. */
const DURATIONS_S = [
  5,
  10,
  15,
  20,
  60,
  120,
  300,
  600,
  900,
  1200,
  3600,
  7200,
  10_800,
  21_600,
  28_800,
  DAY_S,
  2 * DAY_S,
  5 * DAY_S,
];

/** Zero to the first round duration at or above `most`, in at most three whole steps. */
function roundDurations(most: number): number[] {
  const least = most / 3 / SECOND_MS;
  const step = (DURATIONS_S.find((each) => each >= least) ?? Math.ceil(least / (10 * DAY_S)) * 10 * DAY_S) * SECOND_MS;
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, index) => index * step);
}

/** Jobs, jumps that no job of ours made, and gaps, oldest first. */
export type Entry = { at: number; mark: HistoryMark } | { at: number; gap: HistoryGap };
export function entriesOf({ marks, gaps }: Pick<HistoryReply, 'marks' | 'gaps'>): Entry[] {
  const seen = marks.filter((mark) => mark.kind === 'job' || mark.jobId === null);
  return [...seen.map((mark) => ({ at: mark.at, mark })), ...gaps.map((gap) => ({ at: gap.from, gap }))].sort(
    (a, b) => a.at - b.at,
  );
}

/** Where a time lies on the axis, 0 to 1. */
export const shareOf = ({ from, to }: Pick<History, 'from' | 'to'>, at: number): number =>
  Math.max(0, Math.min(1, (at - from) / (to - from)));
