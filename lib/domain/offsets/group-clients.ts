import { GET_CONSUMER_CONNECTION_LIST } from '@/lib/rocketmq/requests/get-consumer-connection-list';
import { GET_CONSUMER_RUNNING_INFO } from '@/lib/rocketmq/requests/get-consumer-running-info';
import { askBrokers, brokersOf, within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { type QueueName, queueKey } from './read-queue';

export interface GroupClients {
  /** Client id → a broker it is connected to. */
  clients: Map<string, string>;
  /** How many are connected; null when that cannot be known. */
  members: number | null;
  isBroadcast: boolean;
  isPop: boolean;
}

/**
 * Who is connected for a group, asked of every master now. Clients of a Proxy in cluster mode are listed by no broker:
 * for a group that may have such clients, nobody listed means unknown.
 */
export async function groupClients(ctx: Ctx, group: string): Promise<GroupClients> {
  const { brokers, failures } = await brokersOf(ctx);
  const asked = await askBrokers(brokers, (broker) =>
    ctx.client.call(GET_CONSUMER_CONNECTION_LIST, { consumerGroup: group }, { broker, brokerId: 0, ...within(ctx) }),
  );
  const known = ctx.snapshot()?.groups.get(group);
  const clients = new Map<string, string>();
  let isBroadcast = known?.mode === 'BROADCASTING';
  let isPop = known?.mode === 'POP';
  for (const { broker, value } of asked.items) {
    for (const { clientId } of value?.connections ?? []) if (!clients.has(clientId)) clients.set(clientId, broker);
    if (value?.messageModel === 'BROADCASTING') isBroadcast = true;
    if (value?.consumeType === 'CONSUME_POP') isPop = true;
  }
  const isCertain = failures.length + asked.failures.length === 0 && !isPop;
  return { clients, members: clients.size > 0 || isCertain ? clients.size : null, isBroadcast, isPop };
}

const MOST_CLIENTS = 20;
const RUNNING_INFO_MS = 2500;

/** Which client holds which queue of the topic, as far as the clients say so in time; and whether they consume in order. */
export async function queueHolders(ctx: Ctx, group: string, topic: string, clients: GroupClients['clients']) {
  const holders = new Map<string, { clientId: string; lastPullAt: number | null }>();
  let isOrderly = false;
  await Promise.all(
    [...clients].slice(0, MOST_CLIENTS).map(async ([clientId, broker]) => {
      const deadlineAt = Math.min(ctx.deadlineAt, ctx.now() + RUNNING_INFO_MS);
      const info = await ctx.client
        .call(GET_CONSUMER_RUNNING_INFO, { consumerGroup: group, clientId }, { broker, deadlineAt, signal: ctx.signal })
        // What a client does not tell stays unknown; the plan does not depend on it.
        .catch(() => null);
      if (info?.properties.PROP_CONSUMEORDERLY === 'true') isOrderly = true;
      for (const queue of info?.queues ?? []) {
        if (queue.topic !== topic || queue.isDropped) continue;
        const name: QueueName = { broker: queue.brokerName, queueId: queue.queueId };
        holders.set(queueKey(name), { clientId, lastPullAt: queue.lastPullAt });
      }
    }),
  );
  return { holders, isOrderly };
}
