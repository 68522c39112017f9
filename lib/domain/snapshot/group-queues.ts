import type { BrokerFacts, QueueFacts } from './broker-facts';
import type { SnapshotGroupQueue } from './snapshot';
import { RETRY_PREFIX } from './system-names';

export interface FoundQueues {
  queues: Omit<SnapshotGroupQueue, 'status' | 'rule' | 'samples' | 'rewound'>[];
  withoutOffset: { topic: string; broker: string; queueId: number }[];
  /** Business topics. */
  topics: string[];
  /** A broker would not tell about the queues of a topic. */
  isPartial: boolean;
}

/**
 * Queues of a group: stored offsets (43) joined with the topics' own queues. Rows of deleted topics and of
 * queues a topic does not have are left out, and so is nothing else: 208 and 317 hide topics that an online
 * group no longer subscribes to.
 */
export function collectQueues(group: string, facts: readonly BrokerFacts[]): FoundQueues {
  const isRetry = (topic: string) => topic.startsWith(RETRY_PREFIX);
  const topics = topicsOf(group, facts);
  const found: FoundQueues = {
    queues: [],
    withoutOffset: [],
    topics: [...topics].filter((topic) => !isRetry(topic)).sort(),
    isPartial: false,
  };
  for (const { broker, asOf, topics: onBroker, offsets } of facts) {
    for (const topic of topics) {
      const config = onBroker.get(topic);
      if (!config) continue;
      if (!config.queues) found.isPartial = true;
      const committed = offsets.get(group)?.get(topic);
      for (const queue of config.queues ?? []) {
        if (queue.queueId >= config.readQueues) continue;
        const offset = committed?.get(queue.queueId);
        const { queueId, minOffset, maxOffset } = queue;
        if (offset !== undefined && offset >= 0) {
          found.queues.push({
            topic,
            broker,
            queueId,
            isRetry: isRetry(topic),
            committedOffset: offset,
            minOffset,
            maxOffset,
            asOf,
          });
        } else if (!isRetry(topic) && holdsMessages(queue)) {
          found.withoutOffset.push({ topic, broker, queueId });
        }
      }
    }
  }
  return found;
}

function topicsOf(group: string, facts: readonly BrokerFacts[]): Set<string> {
  const topics = new Set<string>();
  for (const { topics: known, offsets, connections } of facts) {
    for (const topic of offsets.get(group)?.keys() ?? []) if (known.has(topic)) topics.add(topic);
    const connected = connections.get(group);
    if (connected && 'value' in connected) {
      for (const topic of connected.value.topics) if (facts.some((each) => each.topics.has(topic))) topics.add(topic);
    }
  }
  return topics;
}

const holdsMessages = ({ minOffset, maxOffset }: QueueFacts) => maxOffset > minOffset;
