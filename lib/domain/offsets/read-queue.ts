import { GET_MAX_OFFSET } from '@/lib/rocketmq/requests/get-max-offset';
import { GET_MIN_OFFSET } from '@/lib/rocketmq/requests/get-min-offset';
import { PULL_MESSAGE } from '@/lib/rocketmq/requests/pull-message';
import { QUERY_CONSUMER_OFFSET } from '@/lib/rocketmq/requests/query-consumer-offset';
import { within } from '../ask-brokers';
import type { Ctx } from '../ctx';

export interface QueueName {
  broker: string;
  queueId: number;
}
export interface GroupTopic {
  group: string;
  topic: string;
}

export const queueKey = ({ broker, queueId }: QueueName): string => `${broker}/${queueId}`;

/** The stored offset by request 14; null when there is none. */
export async function readCommitted(ctx: Ctx, { group, topic }: GroupTopic, queue: QueueName): Promise<number | null> {
  const { broker, queueId } = queue;
  const offset = await ctx.client.call(
    QUERY_CONSUMER_OFFSET,
    { consumerGroup: group, topic, queueId },
    { broker, brokerId: 0, ...within(ctx) },
  );
  return offset === null || offset < 0 ? null : offset;
}

/** Stored offset, minimum and maximum of a queue, from its master. */
export async function readPosition(ctx: Ctx, names: GroupTopic, queue: QueueName) {
  const { broker, queueId } = queue;
  const at = { broker, brokerId: 0, ...within(ctx) };
  const input = { topic: names.topic, queueId };
  const [committedOffset, minOffset, maxOffset] = await Promise.all([
    readCommitted(ctx, names, queue),
    ctx.client.call(GET_MIN_OFFSET, input, at),
    ctx.client.call(GET_MAX_OFFSET, input, at),
  ]);
  return { committedOffset, minOffset: Math.max(0, minOffset), maxOffset: Math.max(0, maxOffset) };
}

/** Store time of the message at an offset, epoch ms; null when there is none to read. Leaves no trace on the broker. */
export async function readStoredAt(
  ctx: Ctx,
  topic: string,
  { broker, queueId }: QueueName,
  queueOffset: number,
): Promise<number | null> {
  const { messages } = await ctx.client.call(
    PULL_MESSAGE,
    { topic, queueId, queueOffset, maxMsgNums: 1 },
    { broker, brokerId: 0, ...within(ctx) },
  );
  return messages[0]?.storedAt ?? null;
}
