import type { UnknownReason } from '../unknown-reasons';
import type { BrokerFacts } from './broker-facts';
import type { SnapshotBroker, SnapshotTopic } from './snapshot';
import { topicTypeOf } from './system-names';

/** Topics of all brokers, merged by name. */
export function buildTopics(
  facts: readonly BrokerFacts[],
  brokers: readonly SnapshotBroker[],
): Map<string, SnapshotTopic> {
  const names = new Set(brokers.flatMap(({ name, cluster }) => [name, cluster]));
  const missing: UnknownReason | null = brokers.some(({ state }) => state === 'silent') ? 'broker_silent' : null;
  const topics = new Map<string, SnapshotTopic>();
  for (const { broker, asOf, topics: ofBroker } of facts) {
    for (const [name, { queues, ...config }] of ofBroker) {
      let topic = topics.get(name);
      if (!topic) {
        const type = topicTypeOf(name, config.attributes, names);
        topic = { name, type, config: [], queues: [], partial: missing };
        topics.set(name, topic);
      }
      topic.config.push({ broker, ...config });
      if (queues) for (const queue of queues) topic.queues.push({ broker, ...queue, asOf });
      else topic.partial ??= 'not_read';
    }
  }
  return topics;
}
