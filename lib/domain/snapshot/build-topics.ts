import type { UnknownReason } from '../unknown-reasons';
import type { BrokerFacts, TopicFacts } from './broker-facts';
import type { Snapshot, SnapshotBroker, SnapshotTopic } from './snapshot';
import { topicTypeOf } from './system-names';

/** Topics of all brokers, merged by name; those of which nothing has changed are the ones of the picture before. */
export function buildTopics(
  facts: readonly BrokerFacts[],
  brokers: readonly SnapshotBroker[],
  previous: Pick<Snapshot, 'facts' | 'topics'> | null = null,
): Map<string, SnapshotTopic> {
  const names = new Set(brokers.flatMap(({ name, cluster }) => [name, cluster]));
  const missing: UnknownReason | null = brokers.some(({ state }) => state === 'silent') ? 'broker_silent' : null;
  const topics = new Map<string, SnapshotTopic>();
  for (const source of facts) {
    for (const [name, found] of source.topics) {
      if (topics.has(name)) continue;
      const old = previous?.topics.get(name);
      const isSame = old !== undefined && old.partial === missing && isUnchanged(name, facts, previous);
      topics.set(name, isSame ? old : merge(name, topicTypeOf(name, found.attributes, names), facts, missing));
    }
  }
  return topics;
}

function merge(
  name: string,
  type: SnapshotTopic['type'],
  facts: readonly BrokerFacts[],
  missing: UnknownReason | null,
): SnapshotTopic {
  const topic: SnapshotTopic = { name, type, config: [], queues: [], partial: missing };
  for (const { broker, topics } of facts) {
    const found = topics.get(name);
    if (!found) continue;
    const { queues, readQueues, writeQueues, perm, order, attributes } = found;
    topic.config.push({ broker, readQueues, writeQueues, perm, order, attributes });
    if (queues) topic.queues.push(...queues);
    else topic.partial ??= 'not_read';
  }
  return topic;
}

function isUnchanged(
  name: string,
  facts: readonly BrokerFacts[],
  previous: Pick<Snapshot, 'facts' | 'topics'> | null,
): boolean {
  if (previous?.facts.size !== facts.length) return false;
  return facts.every(({ broker, topics }) => {
    const before = previous.facts.get(broker);
    return before !== undefined && isAlike(before.topics.get(name), topics.get(name));
  });
}

const isAlike = (a: TopicFacts | undefined, b: TopicFacts | undefined): boolean =>
  a === b ||
  (a !== undefined &&
    b !== undefined &&
    a.queues === b.queues &&
    a.readQueues === b.readQueues &&
    a.writeQueues === b.writeQueues &&
    a.perm === b.perm &&
    a.order === b.order &&
    a.attributes === b.attributes);
