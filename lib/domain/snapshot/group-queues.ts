import type { BrokerFacts, QueueFacts } from './broker-facts';
import type { GroupRows, RowPart } from './group-rows';
import { moveRows } from './queue-window';
import { RETRY_PREFIX } from './system-names';

export interface FoundQueues {
  parts: RowPart[];
  committed: readonly number[];
  max: readonly number[];
  min: readonly number[];
  withoutOffset: { topic: string; broker: string; queueId: number }[];
  /** Business topics. */
  topics: string[];
  /** A broker would not tell about the queues of a topic. */
  isPartial: boolean;
  /** What it was made from: with the same objects it comes out the same. */
  sources: readonly unknown[];
}

/**
 * Queues of a group: stored offsets (43) joined with the topics' own queues. Rows of deleted topics and of
 * queues a topic does not have are left out, and so is nothing else: 208 and 317 hide topics that an online
 * group no longer subscribes to.
 */
export function collectQueues(
  group: string,
  facts: readonly BrokerFacts[],
  before: FoundQueues | undefined,
): FoundQueues {
  const named = topicsOf(group, facts);
  const sources = sourcesOf(group, facts, named);
  if (before && isEqual(sources, before.sources)) return before;
  const topics = named.filter((topic) => facts.some((each) => each.topics.has(topic)));
  const parts: RowPart[] = [];
  const committed: number[] = [];
  const max: number[] = [];
  const min: number[] = [];
  const withoutOffset: FoundQueues['withoutOffset'] = [];
  let isPartial = false;
  for (const { broker, topics: onBroker, offsets } of facts) {
    const stored = offsets.get(group);
    for (const topic of topics) {
      const config = onBroker.get(topic);
      if (!config) continue;
      if (!config.queues) isPartial = true;
      const isRetry = isRetryTopic(topic);
      const ofTopic = stored?.get(topic);
      const queueIds: number[] = [];
      const from = committed.length;
      for (const queue of config.queues ?? []) {
        const { queueId } = queue;
        if (queueId >= config.readQueues) continue;
        const offset = ofTopic?.[queueId] ?? -1;
        if (offset >= 0) {
          queueIds.push(queueId);
          committed.push(offset);
          max.push(queue.maxOffset);
          min.push(queue.minOffset);
        } else if (!isRetry && holdsMessages(queue)) {
          withoutOffset.push({ topic, broker, queueId });
        }
      }
      if (queueIds.length > 0) parts.push({ topic, broker, isRetry, queueIds, from });
    }
  }
  const business = topics.filter((topic) => !isRetryTopic(topic)).sort();
  return { parts, committed, max, min, withoutOffset, topics: business, isPartial, sources };
}

function sourcesOf(group: string, facts: readonly BrokerFacts[], topics: readonly string[]): unknown[] {
  const sources: unknown[] = [...topics];
  for (const { broker, topics: onBroker, offsets } of facts) {
    sources.push(broker, offsets.get(group));
    for (const topic of topics) {
      const config = onBroker.get(topic);
      sources.push(config?.queues, config?.readQueues);
    }
  }
  return sources;
}

/** The columns of the sweep before where nothing differs, and its frames in the order of the present rows. */
export function alignRows(found: FoundQueues, before: GroupRows | undefined) {
  if (!before) return { columns: found, window: undefined };
  if (found === before.found) return { columns: before, window: before };
  const isSamePlace =
    found.parts.length === before.parts.length &&
    found.parts.every((part, index) => {
      const old = before.parts[index];
      return old?.topic === part.topic && old.broker === part.broker && isEqual(old.queueIds, part.queueIds);
    });
  if (!isSamePlace) return { columns: found, window: moveRows(before, placesOf(found, before)) };
  const keep = (column: readonly number[], old: readonly number[]) => (isEqual(column, old) ? old : column);
  const columns = {
    parts: before.parts,
    committed: keep(found.committed, before.committed),
    max: keep(found.max, before.max),
    min: keep(found.min, before.min),
  };
  return { columns, window: before };
}

function placesOf(found: FoundQueues, before: GroupRows): number[] {
  const places = new Map<string, number>();
  for (const { topic, broker, queueIds, from } of before.parts)
    queueIds.forEach((queueId, index) => {
      places.set(`${topic} ${broker} ${queueId}`, from + index);
    });
  return found.parts.flatMap(({ topic, broker, queueIds }) =>
    queueIds.map((queueId) => places.get(`${topic} ${broker} ${queueId}`) ?? -1),
  );
}

function isEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** Topics with a stored offset or a subscription, whether they exist or not. */
function topicsOf(group: string, facts: readonly BrokerFacts[]): string[] {
  // A group has few, and brokers mostly the same ones: looking through a list beats a set.
  const topics: string[] = [];
  const add = (topic: string) => {
    if (!topics.includes(topic)) topics.push(topic);
  };
  for (const { offsets, connections } of facts) {
    const stored = offsets.get(group);
    if (stored) for (const topic of stored.keys()) add(topic);
    const connected = connections.get(group);
    if (connected && 'value' in connected) connected.value.topics.forEach(add);
  }
  return topics;
}

const isRetryTopic = (topic: string) => topic.startsWith(RETRY_PREFIX);
const holdsMessages = ({ minOffset, maxOffset }: QueueFacts) => maxOffset > minOffset;
