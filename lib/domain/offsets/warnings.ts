import type { ResetPlan, Warning } from '@/lib/contract/plans';
import { isKnown } from '@/lib/contract/primitives';
import type { SnapshotGroup } from '../snapshot/snapshot';
import { totalsOf } from './arithmetic';
import type { GroupClients } from './group-clients';
import { queueKey } from './read-queue';
import type { Explicit } from './target';
import type { UndoSource } from './undo';

/** What to know before a reset, the gravest first; texts under `warnings.` of the namespace `offsets`. */
export function planWarnings({
  queues,
  clients,
  isOrderly,
  known,
  undo,
  explicit,
}: {
  queues: ResetPlan['queues'];
  clients: GroupClients;
  isOrderly: boolean;
  known: SnapshotGroup | undefined;
  undo: UndoSource | null;
  explicit: Explicit | null;
}): Warning[] {
  const warnings: Warning[] = [];
  const add = (severity: Warning['severity'], key: string, params: Warning['params'] = {}) =>
    warnings.push({ key, severity, params });
  const { skip, unknown } = totalsOf(queues);
  if (skip > 0) add('critical', 'skips', { count: skip, queues: queues.filter((queue) => queue.skip > 0).length });
  if (undo) addUndo(add, queues, undo, explicit);
  const expired = queues.filter((queue) => queue.warnings.some(({ key }) => key === 'before_retained'));
  if (expired.length > 0) add('warning', 'target_expired', { queues: expired.length });
  if (unknown > 0) add('warning', 'no_recorded_offsets', { queues: unknown });
  if (clients.members === null) add('warning', 'members_unknown');
  else if (clients.members > 0) add('note', 'members_online', { count: clients.members });
  else add('note', 'members_offline');
  if (clients.isPop) add('warning', 'pop_group');
  if (isOrderly) add('note', 'orderly_group');
  if (known && !known.consumeEnabled) add('warning', 'consume_disabled');
  const retries = known ? sumOf(known) : 0;
  if (retries > 0) add('warning', 'retries_waiting', { count: retries });
  return warnings;
}

function addUndo(
  add: (severity: Warning['severity'], key: string, params?: Warning['params']) => void,
  queues: ResetPlan['queues'],
  undo: UndoSource,
  explicit: Explicit | null,
): void {
  const expired = queues.reduce(
    (sum, queue) => sum + Math.max(0, queue.minOffset - (explicit?.get(queueKey(queue)) ?? queue.minOffset)),
    0,
  );
  if (expired > 0) add('warning', 'undo_expired', { count: expired });
  if (undo.notRestorable.length > 0)
    add('warning', 'not_restorable', { count: undo.notRestorable.length, queues: undo.notRestorable.join(', ') });
  const gone = [...undo.offsets.keys()].filter((key) => !queues.some((queue) => queueKey(queue) === key));
  if (gone.length > 0) add('warning', 'undo_queues_gone', { queues: gone.join(', ') });
}

function sumOf({ retriesDue, retriesWaiting }: SnapshotGroup): number {
  return (isKnown(retriesDue) ? retriesDue.value : 0) + (isKnown(retriesWaiting) ? retriesWaiting.value : 0);
}
