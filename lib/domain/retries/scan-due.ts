import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { QUERY_CONSUMER_OFFSET } from '@/lib/rocketmq/requests/query-consumer-offset';
import { targetOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { readBounds, readQueue } from '../messages/read-queue';
import { retryTopicsOf } from './retry-topics';

export interface DueScan {
  /** In the group's retry topics on this broker, not yet taken. */
  count: number;
  /** The first of them, in queue order. */
  records: StoredMessage[];
  /** False when the deadline or damaged records left some of them unread. */
  isComplete: boolean;
}

/** Retries that are due on one broker: each retry topic from the group's committed offset to the end. */
export async function scanDue(ctx: Ctx, broker: string, group: string, limit: number): Promise<DueScan> {
  const snapshot = ctx.snapshot();
  const scans = await Promise.all(
    retryTopicsOf(ctx, group).map(async (topic) => {
      const config = snapshot?.topics.get(topic)?.config.find((each) => each.broker === broker);
      const queues = Math.max(1, config?.readQueues ?? 1);
      return Promise.all(
        Array.from({ length: queues }, (_, queueId) => scanQueue(ctx, broker, topic, queueId, group, limit)),
      );
    }),
  );
  const all = scans.flat();
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    records: all.flatMap(({ records }) => records),
    isComplete: all.every(({ isComplete }) => isComplete),
  };
}

async function scanQueue(
  ctx: Ctx,
  broker: string,
  topic: string,
  queueId: number,
  group: string,
  limit: number,
): Promise<DueScan> {
  const [{ minOffset, maxOffset }, committed] = await Promise.all([
    readBounds(ctx, { broker, topic, queueId }),
    ctx.client.call(QUERY_CONSUMER_OFFSET, { consumerGroup: group, topic, queueId }, targetOf(ctx, broker)),
  ]);
  // A group without an offset starts a retry topic at its beginning, whatever it asks for.
  const from = Math.max(minOffset, committed ?? minOffset);
  if (from >= maxOffset) return { count: 0, records: [], isComplete: true };
  const read = await readQueue(ctx, { broker, topic, queueId }, from, Math.min(maxOffset, from + limit));
  return { count: maxOffset - from, records: read.messages, isComplete: read.isComplete && read.damaged === 0 };
}
