import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import type { BrokerFacts } from './broker-facts';
import type { GroupSources } from './build-groups';
import type { GroupRows } from './group-rows';
import type { GroupMode, SnapshotGroup } from './snapshot';

/** A client that shuts down still persists its offsets. */
export const LAST_COMMIT_MS = 10_000;

/**
 * How many clients are connected, over all brokers. Zero only where a broker can know: clients of a Proxy
 * in cluster mode are invisible to it, so a group with POP retry topics, or whose offsets move while nobody
 * seems connected, has members unknown.
 */
export function membersOf(
  group: string,
  { facts, brokers, now }: GroupSources,
  evidence: {
    isPop: boolean;
    previous: SnapshotGroup | undefined;
    rows: Pick<GroupRows, 'frames'>;
  },
): { members: Known<number>; offlineSince: number | null } {
  const clients = new Set<string>();
  let asOf = now;
  let isUncertain = brokers.some(({ state }) => state === 'silent');
  for (const { connections } of facts) {
    const connected = connections.get(group);
    if (!connected) continue;
    if (!isKnown(connected)) isUncertain = true;
    else {
      for (const id of connected.value.clientIds) clients.add(id);
      asOf = Math.min(asOf, connected.asOf);
    }
  }
  if (clients.size > 0) return { members: known(clients.size, asOf), offlineSince: null };
  if (isUncertain) return { members: unknown('members_unknown'), offlineSince: null };
  const offlineSince = evidence.previous?.offlineSince ?? now;
  const { frames } = evidence.rows;
  const isMoving = frames.some(({ committed }, index) => {
    const before = frames[index - 1];
    return (
      before !== undefined &&
      before.at > offlineSince + LAST_COMMIT_MS &&
      before.committed !== committed &&
      committed.some((offset, row) => offset > (before.committed[row] ?? offset))
    );
  });
  if (evidence.isPop) return { members: unknown('behind_proxy'), offlineSince };
  // Perhaps behind a Proxy too; perhaps somebody has reset its offsets.
  if (isMoving) return { members: unknown('members_unknown'), offlineSince };
  return { members: known(0, asOf), offlineSince };
}

export function modeOf(
  group: string,
  facts: readonly BrokerFacts[],
  evidence: { isPop: boolean; hasOffsets: boolean },
): GroupMode {
  const connected = facts.flatMap(({ connections }) => {
    const found = connections.get(group);
    return found && isKnown(found) && found.value.clientIds.length > 0 ? [found.value] : [];
  });
  if (connected.some(({ messageModel }) => messageModel === 'BROADCASTING')) return 'BROADCASTING';
  if (evidence.isPop || connected.some(({ consumeType }) => consumeType === 'CONSUME_POP')) return 'POP';
  if (connected.length > 0 || evidence.hasOffsets) return 'CLUSTERING';
  return facts.some(({ broadcastGroups }) => broadcastGroups.has(group)) ? 'BROADCASTING' : 'UNKNOWN';
}
