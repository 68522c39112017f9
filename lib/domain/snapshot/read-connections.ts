import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import {
  type ConsumerConnection,
  GET_CONSUMER_CONNECTION_LIST,
} from '@/lib/rocketmq/requests/get-consumer-connection-list';
import type { Asker } from './ask';
import type { BrokerFacts, GroupConnections } from './broker-facts';
import { optional } from './optional';
import { isSystemGroup } from './system-names';

/** So many groups are asked for in every sweep anyway: all of a small cluster. */
const GROUPS_PER_SWEEP = 300;
/** Of those never asked for, so many more: a large cluster is known after a few sweeps. */
const NEW_PER_SWEEP = 800;
/** The others take turns, so that each is asked for well within a minute. */
const ROUND_MS = 45_000;

interface ConnectionsToRead {
  previous: BrokerFacts | undefined;
  watched: ReadonlySet<string>;
  /** Groups that have read something since. */
  moved: ReadonlySet<string>;
  now: () => number;
}

/** Who is connected for each group, by one 203 for those whose turn it is; the watched ones always. */
export async function readConnections(
  asker: Asker,
  groups: Iterable<string>,
  { previous, watched, moved, now }: ConnectionsToRead,
): Promise<ReadonlyMap<string, Known<GroupConnections>>> {
  const found = new Map<string, Known<GroupConnections>>();
  const turns: { group: string; askedAt: number }[] = [];
  const due = new Set<string>();
  for (const group of groups) {
    if (isSystemGroup(group)) continue;
    const before = previous?.connections.get(group);
    found.set(group, before ?? unknown('not_read'));
    const isContradicted = moved.has(group) && before && isKnown(before) && before.value === NOBODY;
    if (watched.has(group) || isContradicted) due.add(group);
    else turns.push({ group, askedAt: before && isKnown(before) ? before.asOf : 0 });
  }
  turns.sort((a, b) => a.askedAt - b.askedAt);
  const share = Math.min(1, (now() - (previous?.asOf ?? now())) / ROUND_MS);
  const unasked = previous ? turns.findIndex(({ askedAt }) => askedAt > 0) : 0;
  const newOnes = unasked < 0 ? turns.length : unasked;
  const count = Math.max(GROUPS_PER_SWEEP, Math.ceil(turns.length * share), Math.min(NEW_PER_SWEEP, newOnes));
  for (const { group } of turns.slice(0, count)) due.add(group);
  await asker.each(due, async (group) => {
    const reading = asker.ask(GET_CONSUMER_CONNECTION_LIST, { consumerGroup: group });
    const answer = reading.then((connected) =>
      known(connectionsOf(connected, previous?.connections.get(group)), now()),
    );
    found.set(group, await optional<Known<GroupConnections>>(answer, unknown('members_unknown')));
  });
  return found;
}

/** The connections of the answer before, if they are the same. */
function connectionsOf(
  connected: ConsumerConnection | null,
  before: Known<GroupConnections> | undefined,
): GroupConnections {
  if (!connected) return NOBODY;
  const { messageModel, consumeType } = connected;
  const clientIds = connected.connections.map(({ clientId }) => clientId);
  const topics = connected.subscriptions.map(({ topic }) => topic);
  const now: GroupConnections = { clientIds, messageModel, consumeType, topics };
  const old = before && isKnown(before) ? before.value : undefined;
  return old && JSON.stringify(old) === JSON.stringify(now) ? old : now;
}

const NOBODY: GroupConnections = { clientIds: [], messageModel: null, consumeType: null, topics: [] };
