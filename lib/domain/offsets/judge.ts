import type { ResetQueue } from '@/lib/store/reset-queues';

export interface Seen {
  at: number;
  offset: number;
}

/** No consumer replays faster than this per queue; a longer jump was somebody writing an old position back. */
const MOST_PER_SECOND = 2000;

/**
 * What became of a queue's offset after it was written. `APPLIED`: at the target. `APPLIED_THEN_MOVED`: consumption went
 * on from there. `OVERRIDDEN`: somebody set another position, as a client does that commits what it had. `UNVERIFIED`:
 * nobody answered. An `UNKNOWN` write that left no sign stays unknown.
 */
export function judge(
  { state, targetOffset, committedBefore, appliedAt, intentAt }: ResetQueue,
  seen: readonly Seen[],
  { wasAtTarget, isOffline }: { wasAtTarget: boolean; isOffline: boolean },
): ResetQueue['state'] {
  const last = seen.at(-1);
  const without = state === 'UNKNOWN' ? 'UNKNOWN' : 'OVERRIDDEN';
  if (!last) return state === 'UNKNOWN' ? 'UNKNOWN' : 'UNVERIFIED';
  if (last.offset === targetOffset) return 'APPLIED';
  if (isOffline || last.offset < targetOffset) return without;
  if (committedBefore === null || committedBefore < targetOffset)
    return wasAtTarget || state !== 'UNKNOWN' ? 'APPLIED_THEN_MOVED' : without;
  const isBetween = ({ offset }: Seen) => offset > targetOffset && offset < committedBefore;
  if (seen.some(isBetween)) return 'APPLIED_THEN_MOVED';
  const seconds = Math.max(1, (last.at - (appliedAt ?? intentAt ?? last.at)) / 1000);
  const isPlausible = last.offset - targetOffset <= MOST_PER_SECOND * seconds;
  return wasAtTarget && isPlausible ? 'APPLIED_THEN_MOVED' : without;
}
