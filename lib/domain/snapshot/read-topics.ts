import type { TopicConfig } from '@/lib/rocketmq/codec/topic-config';
import { RocketMQError } from '@/lib/rocketmq/errors';
import { GET_TOPIC_STATS_INFO } from '@/lib/rocketmq/requests/get-topic-stats-info';
import type { Asker } from './ask';
import type { TopicFacts } from './broker-facts';

/** Offsets of every queue: one 202 per topic, pipelined. 317 would look up a store time per queue of every group. */
export async function readTopics(asker: Asker, configs: readonly TopicConfig[]): Promise<Map<string, TopicFacts>> {
  const topics = new Map<string, TopicFacts>();
  await Promise.all(
    configs.map(async (config) => {
      const {
        topicName: topic,
        readQueueNums: readQueues,
        writeQueueNums: writeQueues,
        perm,
        order,
        attributes,
      } = config;
      const queues = await queuesOf(asker, topic);
      topics.set(topic, { readQueues, writeQueues, perm, order, attributes, queues });
    }),
  );
  return topics;
}

async function queuesOf(asker: Asker, topic: string): Promise<TopicFacts['queues']> {
  try {
    const stats = await asker.ask(GET_TOPIC_STATS_INFO, { topic });
    if (!stats) return null;
    return stats.queues
      .map(({ queueId, minOffset, maxOffset, lastUpdatedAt }) => ({
        queueId,
        minOffset,
        maxOffset,
        lastStoredAt: lastUpdatedAt,
      }))
      .sort((a, b) => a.queueId - b.queueId);
  } catch (error) {
    if (error instanceof RocketMQError) return null;
    throw error;
  }
}
