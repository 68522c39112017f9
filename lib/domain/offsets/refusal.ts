import type { ResetPlan } from '@/lib/contract/plans';
import type { Failure } from '@/lib/contract/primitives';
import type { GroupClients } from './group-clients';

/** Why a plan must not be carried out, most important first; null when it may. */
export function refusalOf({
  queues,
  clients,
  failures,
  isUndo,
}: {
  queues: ResetPlan['queues'];
  clients: GroupClients;
  failures: readonly Failure[];
  isUndo: boolean;
}): ResetPlan['refused'] {
  if (clients.isBroadcast) return { key: 'broadcast', params: {} };
  if (failures.length > 0)
    return { key: 'brokers_missing', params: { brokers: names(failures.map(({ broker }) => broker)) } };
  if (queues.length === 0) return { key: isUndo ? 'nothing_to_undo' : 'no_queues', params: {} };
  const legacy = names(queues.filter(({ path }) => path === null).map(({ broker }) => broker));
  if (legacy !== '' && clients.members === null)
    return { key: 'no_explicit_offsets_unknown', params: { brokers: legacy } };
  if (legacy !== '') return { key: 'no_explicit_offsets', params: { brokers: legacy, members: clients.members ?? 0 } };
  if (queues.every(({ committedOffset, targetOffset }) => committedOffset === targetOffset))
    return { key: 'nothing_to_change', params: {} };
  return null;
}

const names = (brokers: readonly string[]): string => [...new Set(brokers)].sort().join(', ');
