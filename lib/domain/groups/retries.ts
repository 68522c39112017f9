import { isKnown, type Known, known } from '@/lib/contract/primitives';
import type { SnapshotGroup } from '../snapshot/snapshot';

/** Waiting for their delay plus due and not yet taken; unknown while one of the two is. */
export function retriesOf({ retriesWaiting, retriesDue }: SnapshotGroup): Known<number> {
  if (!isKnown(retriesWaiting)) return retriesWaiting;
  if (!isKnown(retriesDue)) return retriesDue;
  return known(retriesWaiting.value + retriesDue.value, Math.min(retriesWaiting.asOf, retriesDue.asOf));
}
