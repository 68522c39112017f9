import type { TopicHistogram } from '@/lib/contract/topics';
import { formatCount } from './numbers';
import { offsetMinutes } from './times';

/** Messages stored in [from, to); null when that is not known. */
export interface Bar {
  from: number;
  to: number;
  count: number | null;
}
export interface Histogram {
  bars: Bar[];
  /** Length of a bar, ms; the last one may be shorter. */
  stepMs: number;
  /** Zero, and one to three round figures; the last one is the top of the scale. */
  countTicks: number[];
  /** Round times within the range. */
  timeTicks: number[];
}

/** A reply as it is drawn. */
export function prepareHistogram({ from, to, buckets }: TopicHistogram, zone: string): Histogram {
  const bars = buckets.map((bucket, index) => ({ ...bucket, to: buckets[index + 1]?.from ?? to }));
  return {
    bars,
    stepMs: bars[0] ? bars[0].to - bars[0].from : to - from,
    countTicks: roundCounts(Math.max(0, ...bars.map(({ count }) => count ?? 0))),
    timeTicks: roundTimes(from, to, zone),
  };
}

/** The last `lengthMs` as whole steps: the end is the first round time after now. */
export function wholeSteps(now: number, { lengthMs, stepMs }: { lengthMs: number; stepMs: number }) {
  const to = (Math.floor(now / stepMs) + 1) * stepMs;
  return { from: to - lengthMs, to, buckets: Math.round(lengthMs / stepMs) };
}

/** Zero to the first round figure at or above `most`, in at most three whole steps. */
export function roundCounts(most: number): number[] {
  const least = Math.max(1, most / 3);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= least) ?? least;
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, index) => index * step);
}

const MINUTE_MS = 60_000;
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200].map(
  (minutes) => minutes * MINUTE_MS,
);

/** At most six times of the range that are round on the zone's clock. */
export function roundTimes(from: number, to: number, zone: string): number[] {
  const step = STEPS_MS.find((each) => (to - from) / each <= 6) ?? to - from;
  const east = offsetMinutes(from, zone) * MINUTE_MS;
  const ticks: number[] = [];
  for (let at = Math.ceil((from + east) / step) * step - east; at <= to; at += step) ticks.push(at);
  return ticks;
}

const barAt = (bars: readonly Bar[], at: number) => bars.findLastIndex((bar) => bar.from <= at);

/** Where a time lies across bars of equal width, 0 to 1. */
export function placeOf({ bars, stepMs }: Pick<Histogram, 'bars' | 'stepMs'>, at: number): number {
  const index = barAt(bars, at);
  const bar = bars[index];
  if (!bar) return 0;
  return (index + Math.min(1, (at - bar.from) / Math.max(stepMs, bar.to - bar.from))) / bars.length;
}

/** The start of the bar that lies `by` further; from within a bar, one to the left is its own start. */
export function stepTime(bars: readonly Bar[], at: number | null, by: number): number | null {
  if (at === null) return (by > 0 ? bars[0] : bars.at(-1))?.from ?? null;
  const index = barAt(bars, at);
  const isInside = index >= 0 && by < 0 && bars[index]?.from !== at;
  const wanted = index + by + (isInside ? 1 : 0);
  return bars[Math.max(0, Math.min(bars.length - 1, wanted))]?.from ?? null;
}

/** Estimate of the messages stored since; null when the time lies outside of the bars or something after it is unknown. */
export function storedSince(bars: readonly Bar[], at: number): number | null {
  const first = barAt(bars, at);
  const last = bars.at(-1);
  if (first < 0 || !last || at > last.to) return null;
  let sum = 0;
  for (const { from, to, count } of bars.slice(first)) {
    if (count === null) return null;
    sum += at > from ? (count * (to - at)) / (to - from) : count;
  }
  return Math.round(sum);
}

/** Axis labels: `0`, `500`, `1.5 k`, `20 M`. */
export function shortCount(count: number): string {
  const [size, unit] = count >= 1e9 ? [1e9, 'G'] : count >= 1e6 ? [1e6, 'M'] : count >= 1000 ? [1000, 'k'] : [1, ''];
  if (unit === '') return formatCount(count);
  const value = Math.round((count / size) * 10) / 10;
  return `${Number.isInteger(value) ? value : value.toFixed(1)}\u202f${unit}`;
}
