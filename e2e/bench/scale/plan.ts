/** What the cluster of the bench holds; a pure function, so that a kept cluster and the plan agree. */
export interface Plan {
  brokers: string[];
  /** Queues per broker, and messages in each of them. */
  topics: { name: string; queues: number; messages: number }[];
  groups: PlannedGroup[];
  /** Distinct queues with a stored offset, over all brokers. */
  consumedQueues: number;
  /** Stored offsets: group × topic × queue × broker. */
  storedOffsets: number;
}

export interface PlannedGroup {
  name: string;
  topics: string[];
  lag: 'none' | 'small' | 'large';
  /** In `%RETRY%group`, per broker. */
  retries: number;
  /** In `%DLQ%group`, per broker. */
  dead: number;
}

/** Part of the name of a kept cluster: another plan, another cluster. */
export const PLAN_VERSION = 1;
export const MASTERS = 4;
const TOPICS = 900;
const GROUPS = 2300;
const GROUPS_WITH_DEAD_LETTERS = 50;

const AREAS = ['order', 'payment', 'stock', 'shipping', 'invoice', 'customer', 'catalog', 'refund', 'search', 'audit'];
const numbered = (index: number) => String(index).padStart(4, '0');

/** 60 % of the groups have read everything, 30 % wait for a few messages, 10 % for many. */
export function planCluster(): Plan {
  const brokers = ['broker-a', 'broker-b', 'broker-c', 'broker-d'].slice(0, MASTERS);
  const topics = Array.from({ length: TOPICS }, (_, index) => ({
    name: `${AREAS[index % AREAS.length]}-events-${numbered(index)}`,
    queues: index < 800 ? 8 : index < 880 ? 12 : 6,
    messages: index % 10 === 0 ? 60 : 12,
  }));
  const topicAt = (index: number) => topics[index % TOPICS] as Plan['topics'][number];
  const groups = Array.from({ length: GROUPS }, (_, index): PlannedGroup => {
    const rank = (index * 7 + Math.floor(index / TOPICS) * 3) % 10;
    const lag = rank < 6 ? 'none' : rank < 9 ? 'small' : 'large';
    const first = lag === 'large' ? topicAt(index * 10) : topicAt(index);
    const second = index % 5 === 0 ? topicAt(index * 7 + 13) : first;
    return {
      name: `${AREAS[(index * 3) % AREAS.length]}-service-${numbered(index)}`,
      topics: [...new Set([first.name, second.name])],
      lag,
      retries: index % 20 === 0 ? 1 + (index % 3) : 0,
      dead: index % (GROUPS / GROUPS_WITH_DEAD_LETTERS) === 0 ? 1 + (index % 7) : 0,
    };
  });
  const queuesOf = new Map(topics.map(({ name, queues }) => [name, queues]));
  const consumed = new Set(groups.flatMap((group) => group.topics));
  const sum = (names: Iterable<string>) => [...names].reduce((total, name) => total + (queuesOf.get(name) ?? 0), 0);
  return {
    brokers,
    topics,
    groups,
    consumedQueues: MASTERS * (sum(consumed) + groups.length),
    storedOffsets: MASTERS * groups.reduce((total, group) => total + sum(group.topics) + 1, 0),
  };
}

/** Where a group stands in a queue of `messages`. */
export function committedOffset(group: PlannedGroup, messages: number, queueId: number): number {
  if (group.lag === 'none') return messages;
  if (group.lag === 'large') return queueId % 6;
  return queueId % 3 === 0 ? messages - 1 - (queueId % 4) : messages;
}
