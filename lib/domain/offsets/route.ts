import type { Failure } from '@/lib/contract/primitives';
import { GET_ROUTEINFO_BY_TOPIC } from '@/lib/rocketmq/requests/get-routeinfo-by-topic';
import { within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { topicNotFound } from '../topics/find';
import type { QueueName } from './read-queue';

/** Permission bit of `PermName.PERM_READ`. */
const READABLE = 4;

/**
 * Every queue of a topic that a group can consume, and the brokers that hold queues of it but cannot be written to:
 * without a master, or known from an earlier sweep and gone since. NOT_FOUND `topic_not_found`.
 */
export async function topicQueues(ctx: Ctx, topic: string): Promise<{ queues: QueueName[]; missing: Failure[] }> {
  const [route, masters] = await Promise.all([
    ctx.client.callNameServer(GET_ROUTEINFO_BY_TOPIC, { topic }, within(ctx)),
    ctx.client.topology.masters(within(ctx)),
  ]);
  const reachable = new Set(masters.items.map(({ name }) => name));
  const known = knownHolders(ctx, topic);
  if (!route && known.length === 0) throw topicNotFound(ctx.snapshot(), topic);
  const routed = (route?.queues ?? []).filter(({ perm }) => (perm & READABLE) !== 0);
  const holders = new Set([...routed.map(({ brokerName }) => brokerName), ...known]);
  const missing = [...holders]
    .filter((broker) => !reachable.has(broker))
    .map((broker) => ({ broker, code: 'NO_MASTER', message: `${broker} has no master that answers` }));
  const queues = routed
    .filter(({ brokerName }) => reachable.has(brokerName))
    .flatMap(({ brokerName, readQueueNums }) =>
      Array.from({ length: readQueueNums }, (_, queueId) => ({ broker: brokerName, queueId })),
    )
    .sort((a, b) => (a.broker === b.broker ? a.queueId - b.queueId : a.broker < b.broker ? -1 : 1));
  return { queues, missing };
}

/** A broker that stopped is no longer routed to, but the last sweep still knows what it holds. */
function knownHolders(ctx: Ctx, topic: string): string[] {
  const snapshot = ctx.snapshot();
  const silent = new Set(snapshot?.brokers.filter(({ state }) => state !== 'ok').map(({ name }) => name));
  return (snapshot?.topics.get(topic)?.config ?? []).map(({ broker }) => broker).filter((broker) => silent.has(broker));
}
