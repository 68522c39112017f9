import type { Sample, SnapshotGroupQueue } from './snapshot';

/** Ten are judged; the one before them gives the tape its tenth tick. */
export const KEPT_SAMPLES = 11;
/** Push clients persist offsets every five seconds; the half second is for the clock of the sweep. */
const MIN_DISTANCE_MS = 4500;
const REWOUND_KEPT_MS = 24 * 3_600_000;

type Window = Pick<SnapshotGroupQueue, 'samples' | 'rewound'>;

/** The window with the present figures. A sample too close to the one before replaces its offsets. */
export function advanceWindow(before: Window | undefined, now: Sample): Window {
  const samples = before?.samples ?? [];
  const last = samples.at(-1);
  const isTooClose = last !== undefined && now.at - last.at < MIN_DISTANCE_MS;
  return {
    samples: isTooClose
      ? [...samples.slice(0, -1), { ...now, at: last.at }]
      : [...samples.slice(1 - KEPT_SAMPLES), now],
    rewound: rewoundNow(before?.rewound ?? null, last, now),
  };
}

function rewoundNow(earlier: Window['rewound'], last: Sample | undefined, now: Sample): Window['rewound'] {
  const went = last && now.committed < last.committed ? { from: last.committed, at: now.at } : null;
  const from = Math.max(earlier?.from ?? -1, went?.from ?? -1);
  const at = went?.at ?? earlier?.at ?? now.at;
  // A queue that ends before that offset was created again: there is nothing to return to.
  const isOpen = from >= 0 && now.committed < from && now.max >= from && now.at - at < REWOUND_KEPT_MS;
  return isOpen ? { from, at } : null;
}
