import type { Actor } from '../ctx';
import { isPermitted, visibilityOf } from '../permission';
import type { Snapshot } from './snapshot';

/** Of each picture, what somebody with the same permissions has seen of it. */
const cut = new WeakMap<Snapshot, Map<string, Snapshot>>();

/** The picture without the groups and topics that the actor may not know of. */
export function visibleSnapshot(snapshot: Snapshot | null, actor: Actor, cluster: string): Snapshot | null {
  const key = visibilityOf(actor, cluster);
  if (!snapshot || key === '') return snapshot;
  const known = cut.get(snapshot) ?? new Map<string, Snapshot>();
  cut.set(snapshot, known);
  const before = known.get(key);
  if (before) return before;
  const mayKnow = (scope: { group: string } | { topic: string }) =>
    isPermitted(actor, 'metadata:read', { cluster, ...scope });
  const topics = new Map([...snapshot.topics].filter(([topic]) => mayKnow({ topic })));
  const groups = new Map([...snapshot.groups].filter(([group]) => mayKnow({ group })));
  const flows = new Map([...snapshot.flows].filter(([topic]) => mayKnow({ topic })));
  const holders = new Map([...snapshot.holders].filter(([group]) => mayKnow({ group })));
  const seen = { ...snapshot, topics, groups, flows, holders };
  known.set(key, seen);
  return seen;
}
