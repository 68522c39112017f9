import type { Failure } from '@/lib/contract/primitives';
import { RESPONSE } from '@/lib/rocketmq/codes';
import { RocketMQError } from '@/lib/rocketmq/errors';
import {
  GET_ALL_SUBSCRIPTIONGROUP_CONFIG,
  type SubscriptionGroupConfig,
} from '@/lib/rocketmq/requests/get-all-subscriptiongroup-config';
import { GET_CONSUMER_CONNECTION_LIST } from '@/lib/rocketmq/requests/get-consumer-connection-list';
import { GET_CONSUMER_RUNNING_INFO } from '@/lib/rocketmq/requests/get-consumer-running-info';
import { GET_ROUTEINFO_BY_TOPIC } from '@/lib/rocketmq/requests/get-routeinfo-by-topic';
import { GET_TOPIC_CONFIG } from '@/lib/rocketmq/requests/get-topic-config';
import { askBrokers, brokersOf, within } from '../ask-brokers';
import type { Ctx } from '../ctx';

const WRITE = 2;

/** Group configurations by broker and group name, as the masters have them now. */
export async function groupConfigs(ctx: Ctx) {
  const { brokers } = await brokersOf(ctx);
  const asked = await askBrokers(brokers, (broker) =>
    ctx.client.call(GET_ALL_SUBSCRIPTIONGROUP_CONFIG, undefined, { broker, ...within(ctx) }),
  );
  const byBroker = new Map<string, Map<string, SubscriptionGroupConfig>>();
  for (const { broker, value } of asked.items)
    byBroker.set(broker, new Map(value.groups.map((config) => [config.groupName, config])));
  return { byBroker, failures: asked.failures };
}

/** Number of queues that take writes, 0 when the broker lacks the topic. A missing topic must never be sent to: it would be created. */
export async function writeQueuesOf(ctx: Ctx, broker: string, topic: string): Promise<number> {
  try {
    const config = await ctx.client.call(GET_TOPIC_CONFIG, { topic }, { broker, ...within(ctx) });
    return config && (config.perm & WRITE) !== 0 ? config.writeQueueNums : 0;
  } catch (error) {
    if (!(error instanceof RocketMQError) || error.code !== RESPONSE.REQUEST_CODE_NOT_SUPPORTED) throw error;
    const route = await ctx.client.callNameServer(GET_ROUTEINFO_BY_TOPIC, { topic }, within(ctx));
    const queue = route?.queues.find(({ brokerName }) => brokerName === broker);
    return queue && (queue.perm & WRITE) !== 0 ? queue.writeQueueNums : 0;
  }
}

export interface LiveMembers {
  /** Null when no broker could tell. */
  online: number | null;
  isBroadcast: boolean;
  /** Clients that consume in order; null when they did not say. */
  orderly: number | null;
  failures: Failure[];
}

const ASKED_CLIENTS = 20;

/** Who is connected for the group, and whether any of them consumes in order (307 `PROP_CONSUMEORDERLY`). */
export async function liveMembers(ctx: Ctx, group: string): Promise<LiveMembers> {
  const { brokers } = await brokersOf(ctx);
  const asked = await askBrokers(brokers, (broker) =>
    ctx.client.call(GET_CONSUMER_CONNECTION_LIST, { consumerGroup: group }, { broker, ...within(ctx) }),
  );
  const clients = new Map<string, string>();
  for (const { broker, value } of asked.items)
    for (const { clientId } of value?.connections ?? []) if (!clients.has(clientId)) clients.set(clientId, broker);
  const answers = await Promise.all(
    [...clients].slice(0, ASKED_CLIENTS).map(([clientId, broker]) => isOrderly(ctx, group, clientId, broker)),
  );
  const orderly = answers.filter((answer) => answer === true).length;
  return {
    online: asked.items.length === 0 ? null : clients.size,
    isBroadcast: asked.items.some(({ value }) => value?.messageModel === 'BROADCASTING'),
    orderly: orderly === 0 && answers.includes(null) ? null : orderly,
    failures: asked.failures,
  };
}

async function isOrderly(ctx: Ctx, group: string, clientId: string, broker: string): Promise<boolean | null> {
  try {
    const info = await ctx.client.call(
      GET_CONSUMER_RUNNING_INFO,
      { consumerGroup: group, clientId },
      { broker, ...within(ctx) },
    );
    const value = info.properties.PROP_CONSUMEORDERLY;
    return value === undefined ? null : value === 'true';
  } catch {
    return null;
  }
}
