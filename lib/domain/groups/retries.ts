import { isKnown, type Known, known } from '@/lib/contract/primitives';
import type { SnapshotGroup } from '../snapshot/snapshot';

/** Waiting for their delay plus due and not yet taken; where one of the two is unknown, the other if there are any. */
export function retriesOf({ retriesWaiting, retriesDue }: SnapshotGroup): Known<number> {
  if (!isKnown(retriesWaiting)) return isKnown(retriesDue) && retriesDue.value > 0 ? retriesDue : retriesWaiting;
  if (!isKnown(retriesDue)) return retriesWaiting.value > 0 ? retriesWaiting : retriesDue;
  return known(retriesWaiting.value + retriesDue.value, Math.min(retriesWaiting.asOf, retriesDue.asOf));
}

/** Retries of a POP group lie in the broker's revive log, which cannot be read; its delays are not those of the ladder. */
export const isWaitHidden = (mode: SnapshotGroup['mode'] | undefined, waiting: number): boolean =>
  mode === 'POP' && waiting === 0;

/** Why {@link retriesOf} says only that there are at least so many. */
export function retriesPartial({ partial, retriesWaiting, retriesDue }: SnapshotGroup): string | null {
  if (partial === 'broker_silent') return partial;
  const open = [retriesWaiting, retriesDue].find((figure) => !isKnown(figure));
  return open && !isKnown(open) ? open.unknown : null;
}
