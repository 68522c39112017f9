import type { Failure } from '@/lib/contract/primitives';
import { RESPONSE } from '@/lib/rocketmq/codes';
import { RocketMQError } from '@/lib/rocketmq/errors';
import { GET_TOPIC_CONFIG } from '@/lib/rocketmq/requests/get-topic-config';
import { askBrokers, brokersOf, oneEach, requireSome, targetOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { readBounds } from '../messages/read-queue';
import { DLQ_PREFIX } from '../snapshot/system-names';

/** A dead-letter queue on one broker and what it holds: offsets from `minOffset` to below `maxOffset`. */
export interface LetterQueue {
  broker: string;
  queueId: number;
  minOffset: number;
  maxOffset: number;
}

/**
 * The queues of a group's dead-letter topic on every master, asked now. RocketMQ creates the topic on each broker that
 * received a failure, with one queue, but nothing keeps an operator from giving it more. No topic means no queue.
 */
export async function readLetterQueues(
  ctx: Ctx,
  group: string,
): Promise<{ queues: LetterQueue[]; failures: Failure[] }> {
  const topic = DLQ_PREFIX + group;
  const { brokers, failures } = await brokersOf(ctx);
  const asked = requireSome(
    ctx,
    await askBrokers(brokers, async (broker) => {
      const queueIds = await queueIdsOf(ctx, broker, topic);
      return Promise.all(
        queueIds.map(async (queueId) => ({ broker, queueId, ...(await readBounds(ctx, { broker, topic, queueId })) })),
      );
    }),
  );
  const queues = asked.items.flatMap(({ value }) => value);
  return { queues, failures: oneEach([...failures, ...asked.failures]) };
}

async function queueIdsOf(ctx: Ctx, broker: string, topic: string): Promise<number[]> {
  const known = ctx
    .snapshot()
    ?.topics.get(topic)
    ?.config.find((config) => config.broker === broker);
  // After a purge the snapshot may still hold the topic: a queue that is gone answers 0 and 0 and costs nothing.
  if (known) return Array.from({ length: Math.max(1, known.readQueues) }, (_, queueId) => queueId);
  try {
    const config = await ctx.client.call(GET_TOPIC_CONFIG, { topic }, targetOf(ctx, broker));
    return config ? Array.from({ length: Math.max(1, config.readQueueNums) }, (_, queueId) => queueId) : [];
  } catch (error) {
    if (error instanceof RocketMQError && error.code === RESPONSE.REQUEST_CODE_NOT_SUPPORTED) return [0];
    throw error;
  }
}
