import type { ScaleKind } from './search-params';

export type Scale = {
  from: number;
  to: number;
  /** Percent of the width, as an SVG attribute. */
  x: (at: number) => string;
  /** 0…1. */
  share: (at: number) => number;
  ticks: number[];
};

const STEPS = [
  10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000,
  1_800_000, 3_600_000, 7_200_000, 14_400_000, 21_600_000, 43_200_000, 86_400_000,
];
const TICKS = 5;
/** The last word of a row must not leave the drawing. */
const RIGHT = 0.97;

/** Real time, or one even step per event so that a burst of attempts can be told apart. */
export function makeScale(times: readonly number[], kind: ScaleKind): Scale {
  const moments = [...new Set(times)].sort((a, b) => a - b);
  const from = moments[0] ?? 0;
  const to = Math.max(moments.at(-1) ?? 0, from + 1);
  const real = (at: number) => (at - from) / (to - from);
  const even = (at: number) => {
    const after = moments.findIndex((moment) => moment >= at);
    if (after <= 0) return 0;
    const [low = from, high = to] = [moments[after - 1], moments[after]];
    return (after - 1 + (high === low ? 0 : (at - low) / (high - low))) / Math.max(1, moments.length - 1);
  };
  const share = (at: number) => RIGHT * Math.min(1, Math.max(0, kind === 'real' ? real(at) : even(at)));
  return {
    from,
    to,
    share,
    x: (at) => `${(share(at) * 100).toFixed(3)}%`,
    ticks: kind === 'real' ? ticksOf(from, to) : [],
  };
}

function ticksOf(from: number, to: number): number[] {
  const step = STEPS.find((size) => (to - from) / size <= TICKS) ?? 7 * 86_400_000;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}
