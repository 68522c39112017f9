import type { RowPart } from './group-rows';
import { type Frame, type GroupWindow, KEPT_SAMPLES, type Rewound } from './queue-window';
import type { WindowSeed } from './snapshot';

/** The window of a group as an earlier run of the console left it; undefined when it left nothing. */
export function seedWindow(
  parts: readonly RowPart[],
  seedOf: (topic: string, broker: string, queueId: number) => WindowSeed | undefined,
): GroupWindow | undefined {
  const ofRows = parts.flatMap(({ topic, broker, queueIds }) =>
    queueIds.map((queueId) => seedOf(topic, broker, queueId)),
  );
  const times = new Set(ofRows.flatMap((seed) => seed?.samples.map(({ at }) => at) ?? []));
  if (times.size === 0) return undefined;
  const frames = [...times]
    .sort((a, b) => a - b)
    .slice(-KEPT_SAMPLES)
    .map((at): Frame => {
      const samples = ofRows.map((seed) => seed?.samples.find((sample) => sample.at === at));
      return {
        at,
        committed: samples.map((sample) => sample?.committed ?? Number.NaN),
        max: samples.map((sample) => sample?.max ?? Number.NaN),
        missing: null,
        advance: null,
      };
    });
  const rewound = new Map<number, Rewound>();
  ofRows.forEach((seed, row) => {
    if (seed?.rewound) rewound.set(row, seed.rewound);
  });
  return { frames: withAdvances(frames), rewound };
}

function withAdvances(frames: readonly Frame[]): Frame[] {
  return frames.map((frame, index) => {
    const before = frames[index - 1];
    if (!before) return frame;
    const steps = frame.committed.map((committed, row) => committed - (before.committed[row] ?? Number.NaN));
    return { ...frame, advance: steps.reduce((sum, step) => sum + (Number.isNaN(step) ? 0 : step), 0) };
  });
}
