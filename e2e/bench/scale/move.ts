import { batchOf } from './build';
import type { Plan } from './plan';
import type { WireRequest } from './wire';

const UPDATE_CONSUMER_OFFSET = 15;

/** What producers and consumers did on a broker since the last sweep: a message to a tenth of the topics, a step of a fifth of the groups. */
export function movement({ topics, groups }: Plan, broker: string, round: number): WireRequest[] {
  const messages = topics.filter((_, index) => index % 10 === 3).map(({ name }) => batchOf(name, round % 6, 1, broker));
  const commits = groups
    .filter((_, index) => index % 5 === 1)
    .map(({ name, topics: [topic = ''] }) => ({
      code: UPDATE_CONSUMER_OFFSET,
      fields: { consumerGroup: name, topic, queueId: String(round % 6), commitOffset: String(1 + (round % 5)) },
    }));
  return [...messages, ...commits];
}
