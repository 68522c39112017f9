import { figureValue } from '@/lib/contract/primitives';
import { GROUP_STATE } from '@/lib/store/history-schema';
import type { GroupJump, GroupSample } from '@/lib/store/history-write';
import type { Snapshot, SnapshotGroup } from '../snapshot/snapshot';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { movementOf, type Seen } from './movement';
import { type Ages, oldestUnread } from './oldest-unread';

/** A group as it was written last. */
export interface Before extends Seen {
  sample: GroupSample;
}

/**
 * What history keeps of a group at a sweep, and offsets of it that jumped. Figures to which a broker that does not
 * answer belongs are unknown; so is, after that, what was produced and consumed meanwhile.
 */
export function sampleGroup(
  snapshot: Snapshot,
  group: SnapshotGroup,
  before: Before | undefined,
  ages: Ages,
): { sample: GroupSample; jumps: GroupJump[] } {
  const base = { group: group.name, spanMs: 0, produced: 0, consumed: 0 };
  if (isTouched(snapshot, group)) return { sample: { ...base, ...NOTHING, state: GROUP_STATE.silent }, jumps: [] };
  const movement = before ? movementOf({ group, facts: snapshot.facts, asOf: snapshot.asOf }, before) : null;
  const counts = before?.sample.state === GROUP_STATE.seen ? movement?.counts : undefined;
  return {
    sample: {
      ...base,
      ...counts,
      lag: figureValue(group.lag),
      ...oldestUnread(snapshot, group, ages),
      waiting: figureValue(group.retriesWaiting),
      due: figureValue(group.retriesDue),
      dead: figureValue(group.deadLetters),
      state: GROUP_STATE.seen,
    },
    jumps: movement?.jumps ?? [],
  };
}

const NOTHING = { lag: null, oldestAt: null, age: 3, waiting: null, due: null, dead: null } as const;

/** The last row of a group that no broker has any more. */
export const sampleOfGone = (group: string): GroupSample => ({
  group,
  spanMs: 0,
  produced: 0,
  consumed: 0,
  ...NOTHING,
  state: GROUP_STATE.gone,
});

/** Nothing to write: it stands as its last row says. */
export function isUnchanged(sample: GroupSample, before: GroupSample | undefined): boolean {
  return (
    before !== undefined &&
    sample.produced === 0 &&
    sample.consumed === 0 &&
    sample.lag === before.lag &&
    sample.oldestAt === before.oldestAt &&
    sample.age === before.age &&
    sample.waiting === before.waiting &&
    sample.due === before.due &&
    sample.dead === before.dead &&
    sample.state === before.state
  );
}

/** A broker that does not answer holds queues or dead letters of it, or nothing is known of what it holds. */
function isTouched({ brokers, topics }: Snapshot, group: SnapshotGroup): boolean {
  const missing = brokers.filter(({ state }) => state !== 'ok');
  if (missing.length === 0) return false;
  if (missing.some(({ state }) => state === 'silent')) return true;
  const names = new Set(missing.map(({ name }) => name));
  const holds = ({ broker }: { broker: string }) => names.has(broker);
  return (
    (group.rows?.parts.some(holds) ?? false) ||
    group.queuesWithoutOffset.some(holds) ||
    (topics.get(DLQ_PREFIX + group.name)?.queues.some(holds) ?? false)
  );
}
