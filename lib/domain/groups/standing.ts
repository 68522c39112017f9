import { oncePer } from '../once-per';
import type { SnapshotGroup, SnapshotGroupQueue } from '../snapshot/snapshot';

/** How the queues of a group move that have something to read, or had within their samples. */
export interface Standing {
  queues: number;
  /** Messages wait and no offset of the window differs. */
  still: number;
  moving: number;
}

type Judged = Pick<SnapshotGroup, 'status' | 'queues'>;

/** The status of a group is that of its worst queue; this says how far it holds for the others. Unjudged queues are in `queues` only. */
export const standingOf = oncePer(({ queues }: Pick<Judged, 'queues'>): Standing => {
  const read = queues.filter((queue) => queue.committedOffset < queue.maxOffset || hasAdvanced(queue));
  const still = read.filter(({ status }) => STANDS.has(status)).length;
  const unjudged = read.filter(({ status }) => status === 'UNKNOWN').length;
  return { queues: read.length, still, moving: read.length - still - unjudged };
});

/** Messages wait, and of no queue is it known that it moves. A group that an operator switched off is none of these. */
export function isNotConsuming(group: Judged): boolean {
  if (group.status === 'NO_MEMBERS') return true;
  return STANDS.has(group.status) && standingOf(group).moving === 0;
}

const STANDS: ReadonlySet<string> = new Set(['STALLED', 'STOPPED']);

const hasAdvanced = ({ samples }: SnapshotGroupQueue): boolean =>
  (samples.at(-1)?.committed ?? 0) > (samples[0]?.committed ?? 0);
