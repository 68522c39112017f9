import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { GET_TOPIC_CONFIG } from '@/lib/rocketmq/requests/get-topic-config';
import { within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { isPermitted } from '../permission';
import type { TopicType } from '../snapshot/snapshot';
import { isInternalType, topicTypeOf } from '../snapshot/system-names';
import type { Holders, Refusal } from './targets';

/**
 * A named topic has to be a business topic: what RocketMQ keeps for itself takes no copies. One that the actor may not
 * know of is as good as none, whether it is there or not.
 */
export function refusalOfTopic(ctx: Ctx, topic: string): Refusal | null {
  if (!isPermitted(ctx.actor, 'metadata:read', { cluster: ctx.cluster, topic }))
    return { key: 'target_gone', params: { topic } };
  const type = topicTypeOf(topic, {}, ownNames(ctx));
  return isInternalType(type) ? { key: 'topic_internal', params: { topic } } : null;
}

/** What the topic is made for, as a broker that holds it says now; else as of the last sweep, else UNSPECIFIED. */
export async function messageTypeOf(ctx: Ctx, holders: Holders, topic: string): Promise<TopicType> {
  const [broker] = holders.get(topic)?.keys() ?? [];
  const known = ctx.snapshot()?.topics.get(topic)?.type ?? 'UNSPECIFIED';
  if (broker === undefined) return known;
  try {
    const config = await ctx.client.call(GET_TOPIC_CONFIG, { topic }, { broker, ...within(ctx) });
    return config?.attributes ? topicTypeOf(topic, config.attributes, ownNames(ctx)) : known;
  } catch (error) {
    if (error instanceof RemotingError || error instanceof RocketMQError) return known;
    throw error;
  }
}

const ownNames = (ctx: Ctx): Set<string> =>
  new Set((ctx.snapshot()?.brokers ?? []).flatMap(({ name, cluster }) => [name, cluster]));
