import type { Failure } from '@/lib/contract/primitives';
import { GET_ALL_DELAY_OFFSET } from '@/lib/rocketmq/requests/get-all-delay-offset';
import {
  type ConsumerConnection,
  GET_CONSUMER_CONNECTION_LIST,
} from '@/lib/rocketmq/requests/get-consumer-connection-list';
import { QUERY_CONSUME_QUEUE } from '@/lib/rocketmq/requests/query-consume-queue';
import { QUERY_CONSUMER_OFFSET } from '@/lib/rocketmq/requests/query-consumer-offset';
import { askBrokers, targetOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { recordIdOf } from '../messages/record-id';
import { SCHEDULE_TOPIC } from '../snapshot/system-names';
import type { Copy, IndexSearch } from './index-search';

/** Which copies in SCHEDULE_TOPIC_XXXX still wait, by record id with the exact due time (null when not told). */
export async function readWaiting(
  ctx: Ctx,
  search: IndexSearch,
  copies: readonly Copy[],
): Promise<Map<string, number | null>> {
  const brokers = [...new Set(copies.map(({ broker }) => broker))];
  search.requests += brokers.length;
  const { items, failures } = await askBrokers(brokers, async (broker) => {
    const target = targetOf(ctx, broker);
    const { levels } = await ctx.client.call(GET_ALL_DELAY_OFFSET, undefined, target);
    const delivered = new Map(levels.map(({ level, deliveredOffset }) => [level - 1, deliveredOffset]));
    const mine = copies.filter((copy) => copy.broker === broker);
    const waiting = mine.filter(
      ({ record }) => record.queueOffset >= (delivered.get(record.queueId) ?? Number.POSITIVE_INFINITY),
    );
    search.requests += waiting.length;
    return Promise.all(
      waiting.map(async ({ record: { queueId, queueOffset, physicalOffset } }) => {
        const input = { topic: SCHEDULE_TOPIC, queueId, index: queueOffset, count: 1 };
        const { entries } = await ctx.client.call(QUERY_CONSUME_QUEUE, input, target);
        const entry = entries.find((each) => each.physicalOffset === physicalOffset);
        return [recordIdOf({ broker, physicalOffset }), entry?.tagsCode ?? null] as const;
      }),
    );
  });
  search.failures.push(...failures);
  return new Map(items.flatMap(({ value }) => value));
}

/** Committed offset of a group on the queue a copy lies in; undefined when the broker would not say. */
export async function readCommitted(
  ctx: Ctx,
  search: IndexSearch,
  group: string,
  { broker, record: { topic, queueId } }: Copy,
): Promise<number | null | undefined> {
  search.requests += 1;
  const { items, failures } = await askBrokers([broker], () =>
    ctx.client.call(QUERY_CONSUMER_OFFSET, { consumerGroup: group, topic, queueId }, targetOf(ctx, broker)),
  );
  search.failures.push(...failures);
  return items[0]?.value;
}

export interface Connected {
  online: boolean | null;
  connection: ConsumerConnection | null;
}

/** Whether anybody is connected for a group: yes from any broker, no only when all say so and it is no POP group. */
export async function readConnected(ctx: Ctx, search: IndexSearch, group: string): Promise<Connected> {
  search.requests += search.brokers.length;
  const { items, failures } = await askBrokers(search.brokers, (broker) =>
    ctx.client.call(GET_CONSUMER_CONNECTION_LIST, { consumerGroup: group }, targetOf(ctx, broker)),
  );
  const silent: Failure[] = failures.filter(({ code }) => !/^\d+$/.test(code));
  search.failures.push(...silent);
  const connection = items.find(({ value }) => value !== null)?.value ?? null;
  if (connection) return { online: true, connection };
  const isHidden = ctx.snapshot()?.groups.get(group)?.mode === 'POP';
  return { online: failures.length > 0 || isHidden ? null : false, connection: null };
}
