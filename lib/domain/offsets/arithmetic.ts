/** Messages a reset may replay before the group's name has to be typed (safety §5.9). */
export const REPLAY_BY_CLICK = 10_000;
const LEAST_TOLERANCE = 1000;
const DRIFT_WINDOW_MS = 5 * 60_000;

export const clamp = (offset: number, min: number, max: number): number => Math.max(min, Math.min(max, offset));

export interface Move {
  /** Null: the broker has no recorded offset. */
  committedOffset: number | null;
  minOffset: number;
  maxOffset: number;
  targetOffset: number;
}

/**
 * Messages consumed again and messages passed over by moving to the target. Counted within what the queue still
 * holds: offsets below the minimum have nothing left to replay or skip. Without a recorded offset both are unknown.
 */
export function moveOf({ committedOffset, minOffset, maxOffset, targetOffset }: Move): {
  replay: number;
  skip: number;
  isUnknown: boolean;
} {
  if (committedOffset === null) return { replay: 0, skip: 0, isUnknown: true };
  const delta = clamp(committedOffset, minOffset, maxOffset) - targetOffset;
  return { replay: Math.max(0, delta), skip: Math.max(0, -delta), isUnknown: false };
}

export function totalsOf(queues: readonly (Move & { replay: number; skip: number })[]) {
  return {
    replay: queues.reduce((sum, { replay }) => sum + replay, 0),
    skip: queues.reduce((sum, { skip }) => sum + skip, 0),
    unchanged: queues.filter(({ committedOffset, targetOffset }) => committedOffset === targetOffset).length,
    unknown: queues.filter(({ committedOffset }) => committedOffset === null).length,
  };
}

/** Whether the group's name has to be typed. A queue without a recorded offset may skip all it holds below the target. */
export function needsTyping(queues: readonly (Move & { replay: number; skip: number })[]): boolean {
  const { replay, skip } = totalsOf(queues);
  const maySkip = queues.some(
    ({ committedOffset, targetOffset, minOffset }) => committedOffset === null && targetOffset > minOffset,
  );
  return skip > 0 || replay > REPLAY_BY_CLICK || maySkip;
}

/** How far a committed offset may drift until the plan is stale: five minutes of consumption, at least 1,000 messages. */
export function driftTolerance(windows: readonly (readonly { at: number; committed: number }[])[]): number {
  const drifts = windows.map((samples) => {
    const [first, last] = [samples[0], samples.at(-1)];
    if (!first || !last || last.at <= first.at) return 0;
    return Math.ceil((Math.abs(last.committed - first.committed) / (last.at - first.at)) * DRIFT_WINDOW_MS);
  });
  return Math.max(LEAST_TOLERANCE, ...drifts);
}

export interface Planned {
  committedOffset: number | null;
  targetOffset: number;
}
export interface Present {
  committedOffset: number | null;
  minOffset: number;
  maxOffset: number;
}

/** Why a queue's plan no longer holds, or null (safety §5.9). */
export function staleness(
  planned: Planned,
  present: Present,
  tolerance: number,
): 'min_passed' | 'max_fell' | 'drifted' | null {
  if (present.minOffset > planned.targetOffset) return 'min_passed';
  if (present.maxOffset < planned.targetOffset) return 'max_fell';
  if (planned.committedOffset === null) return null;
  if (present.committedOffset === null) return 'drifted';
  return Math.abs(present.committedOffset - planned.committedOffset) > tolerance ? 'drifted' : null;
}
