import type { Failure } from '@/lib/contract/primitives';
import { GET_BROKER_CONFIG } from '@/lib/rocketmq/requests/get-broker-config';
import { QUERY_CONSUMER_OFFSET } from '@/lib/rocketmq/requests/query-consumer-offset';
import { askBrokers, brokersOf, within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { RETRY_PREFIX } from '../snapshot/system-names';
import { groupConfigs, writeQueuesOf } from './cluster-facts';
import type { Aim } from './destination';

export interface Refusal {
  key: string;
  params: Record<string, string | number>;
}
/** Where each topic can be written: broker → queues. */
export type Holders = Map<string, Map<string, number>>;

export interface Targets {
  holders: Holders;
  refused: Refusal | null;
  /** A broker has the group as one that consumes in order, which brokers need for gRPC clients only. */
  isFifo: boolean;
  failed: Failure[];
}

type Configs = Awaited<ReturnType<typeof groupConfigs>>['byBroker'];

/**
 * Brokers that take a copy for each topic aimed at, or why the plan is refused: sending to a topic or group that a
 * broker lacks would create it there.
 */
export async function findHolders(ctx: Ctx, group: string, aims: readonly Aim[]): Promise<Targets> {
  const { brokers } = await brokersOf(ctx);
  const holders: Holders = new Map();
  const topics = new Map(aims.map((aim) => [aim.topic, aim.destination]));
  const asked = await askBrokers(brokers, (broker) =>
    Promise.all([...topics.keys()].map(async (topic) => ({ topic, queues: await writeQueuesOf(ctx, broker, topic) }))),
  );
  for (const { broker, value } of asked.items) {
    for (const { topic, queues } of value) {
      if (queues === 0) continue;
      const held = holders.get(topic) ?? new Map<string, number>();
      holders.set(topic, held.set(broker, queues));
    }
  }
  const failed = [...asked.failures];
  const gone = [...topics.keys()].find((topic) => !holders.has(topic));
  if (gone !== undefined)
    return { holders, refused: { key: 'target_gone', params: { topic: gone } }, isFifo: false, failed };

  let isFifo = false;
  if ([...topics.values()].some((destination) => destination !== 'topic')) {
    const configs = await groupConfigs(ctx);
    failed.push(...configs.failures);
    isFifo = [...configs.byBroker.values()].some((groups) => groups.get(group)?.consumeMessageOrderly === true);
    for (const [topic, destination] of topics) {
      const held = holders.get(topic) ?? new Map();
      const refused =
        destination === 'retry'
          ? (keepWithGroup(held, configs.byBroker, group) ?? (isFifo ? await refusalOfFifo(ctx, held, group) : null))
          : destination === 'pop'
            ? await keepPopReady(ctx, held, configs.byBroker, group, topic)
            : null;
      if (refused) return { holders, refused, isFifo, failed };
    }
  }
  return { holders, refused: null, isFifo, failed };
}

/** A send to `%RETRY%group` on a broker without the group creates the group, or is refused there with 26. */
function keepWithGroup(held: Map<string, number>, configs: Configs, group: string): Refusal | null {
  const without = [...held.keys()].filter((broker) => !configs.get(broker)?.has(group));
  for (const broker of without) held.delete(broker);
  return held.size > 0 ? null : { key: 'group_missing', params: { group, brokers: without.join(', ') } };
}

/**
 * A gRPC client that consumes in order gets its retries in place and never reads `%RETRY%group` (broker-facts 6). A client that
 * does commits an offset there within seconds, also while the topic is empty: without one nobody has ever read it.
 */
async function refusalOfFifo(ctx: Ctx, held: ReadonlyMap<string, number>, group: string): Promise<Refusal | null> {
  const topic = RETRY_PREFIX + group;
  const asked = await askBrokers([...held.keys()], (broker) =>
    Promise.all(
      Array.from({ length: held.get(broker) ?? 0 }, (_, queueId) =>
        ctx.client.call(QUERY_CONSUMER_OFFSET, { consumerGroup: group, topic, queueId }, { broker, ...within(ctx) }),
      ),
    ),
  );
  const isUnread =
    asked.failures.length === 0 && asked.items.every(({ value }) => value.every((each) => each === null));
  return isUnread ? { key: 'fifo_unread', params: { group, topic } } : null;
}

/**
 * A broker reads everything after `%RETRY%` as the name of a group: `group_topic` would be created as one, or the send be
 * refused with 26 (broker-facts 6.4). A `+` instead of `_` is understood with `enableRetryTopicV2` only.
 */
async function keepPopReady(
  ctx: Ctx,
  held: Map<string, number>,
  configs: Configs,
  group: string,
  topic: string,
): Promise<Refusal | null> {
  const name = topic.slice(RETRY_PREFIX.length);
  if (name.charAt(group.length) === '_') {
    for (const broker of [...held.keys()]) if (!configs.get(broker)?.has(name)) held.delete(broker);
    return held.size > 0 ? null : { key: 'pop_junk_group', params: { name, group } };
  }
  const asked = await askBrokers([...held.keys()], (broker) =>
    ctx.client.call(GET_BROKER_CONFIG, undefined, { broker, ...within(ctx) }),
  );
  for (const broker of [...held.keys()]) {
    const settings = asked.items.find((item) => item.broker === broker)?.value.config;
    if (settings?.enableRetryTopicV2 !== 'true' || !configs.get(broker)?.has(group)) held.delete(broker);
  }
  return held.size > 0 ? null : { key: 'pop_v2_off', params: { topic } };
}
