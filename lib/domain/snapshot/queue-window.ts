import type { Sample, SnapshotGroupQueue } from './snapshot';

/** Ten are judged; the one before them gives the tape its tenth tick. */
export const KEPT_SAMPLES = 11;
/** Push clients persist offsets every five seconds; the half second is for the clock of the sweep. */
const MIN_DISTANCE_MS = 4500;
const REWOUND_KEPT_MS = 24 * 3_600_000;

/** All queues of a group at one sweep. Frames between which nothing moved share their columns. */
export interface Frame {
  at: number;
  /** By row; NaN where the queue was not there. */
  committed: readonly number[];
  max: readonly number[];
  /** Brokers that did not answer: their rows have no sample here. */
  missing: ReadonlySet<string> | null;
  /** By how much the committed offsets of the tape's rows rose since the frame before; null for the first. */
  advance: number | null;
}

export type Rewound = NonNullable<SnapshotGroupQueue['rewound']>;

export interface GroupWindow {
  frames: readonly Frame[];
  rewound: ReadonlyMap<number, Rewound>;
}

export interface Present {
  at: number;
  committed: readonly number[];
  max: readonly number[];
  missing: ReadonlySet<string> | null;
  /** Broker of a row, and whether the row counts for the tape. */
  brokerOf(row: number): string;
  isTaped(row: number): boolean;
}

const NONE: ReadonlyMap<number, Rewound> = new Map();

/** The window with the present figures. A frame too close to the one before takes its place. */
export function advanceWindow(before: GroupWindow | undefined, present: Present): GroupWindow {
  const frames = before?.frames ?? [];
  const last = frames.at(-1);
  const { at, committed, max, missing } = present;
  const rewound = rewoundNow(before?.rewound ?? NONE, last, present);
  if (last && at - last.at < MIN_DISTANCE_MS) {
    const advance = advanceOf(frames.at(-2), present);
    return { frames: [...frames.slice(0, -1), { at: last.at, committed, max, missing, advance }], rewound };
  }
  const frame: Frame = { at, committed, max, missing, advance: advanceOf(last, present) };
  return { frames: [...frames.slice(1 - KEPT_SAMPLES), frame], rewound };
}

/** Frames in which the broker answered. */
export const framesOfPart = (frames: readonly Frame[], broker: string): readonly Frame[] =>
  frames.some(({ missing }) => missing) ? frames.filter(({ missing }) => !missing?.has(broker)) : frames;

export function sampleAt({ at, committed, max }: Frame, row: number): Sample | null {
  const offset = committed[row];
  const end = max[row];
  return offset === undefined || end === undefined || Number.isNaN(offset) ? null : { at, committed: offset, max: end };
}

/** Rows have moved to other places: `place` says where each of the new ones was, or −1. */
export function moveRows(window: GroupWindow, place: readonly number[]): GroupWindow {
  const move = (column: readonly number[]) => place.map((old) => (old < 0 ? Number.NaN : (column[old] ?? Number.NaN)));
  const moved = new Map<readonly number[], readonly number[]>();
  const once = (column: readonly number[]) => {
    const known = moved.get(column) ?? move(column);
    moved.set(column, known);
    return known;
  };
  const rewound = new Map<number, Rewound>();
  place.forEach((old, row) => {
    const earlier = window.rewound.get(old);
    if (earlier) rewound.set(row, earlier);
  });
  return {
    frames: window.frames.map((frame) => ({ ...frame, committed: once(frame.committed), max: once(frame.max) })),
    rewound,
  };
}

function advanceOf(before: Frame | undefined, { committed, missing, brokerOf, isTaped }: Present): number | null {
  if (!before) return null;
  if (before.committed === committed) return 0;
  const silent = missing || before.missing;
  let sum = 0;
  for (let row = 0; row < committed.length; row++) {
    const step = (committed[row] ?? Number.NaN) - (before.committed[row] ?? Number.NaN);
    if (Number.isNaN(step) || !isTaped(row)) continue;
    if (silent && (missing?.has(brokerOf(row)) || before.missing?.has(brokerOf(row)))) continue;
    sum += step;
  }
  return sum;
}

function rewoundNow(earlier: ReadonlyMap<number, Rewound>, last: Frame | undefined, now: Present) {
  if (earlier.size === 0 && (!last || last.committed === now.committed)) return earlier;
  const open = new Map<number, Rewound>();
  for (let row = 0; row < now.committed.length; row++) {
    const committed = now.committed[row] ?? 0;
    const was = earlier.get(row);
    if (now.missing?.has(now.brokerOf(row))) {
      if (was) open.set(row, was);
      continue;
    }
    const before = last?.committed[row] ?? Number.NaN;
    const went = committed < before ? { from: before, at: now.at } : null;
    const from = Math.max(was?.from ?? -1, went?.from ?? -1);
    const at = went?.at ?? was?.at ?? now.at;
    // A queue that ends before that offset was created again: there is nothing to return to.
    if (from >= 0 && committed < from && (now.max[row] ?? 0) >= from && now.at - at < REWOUND_KEPT_MS)
      open.set(row, { from, at });
  }
  return open;
}
