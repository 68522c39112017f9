import type { RedriveTarget } from '@/lib/contract/plans';
import { absoluteHash } from '@/lib/rocketmq/codec/java-hash';
import { isPopRecord, originTopicOf } from '../messages/origin-topic';
import { RETRY_PREFIX } from '../snapshot/system-names';
import type { Destination } from './properties';
import type { Letter } from './selection';

export interface Aim {
  destination: Destination;
  topic: string;
  originTopic: string | null;
}

/**
 * The topic a letter's copy goes to. Null when its business topic is needed and unknown: consumers would be handed it
 * under the name of the retry topic.
 */
export function aimOf(letter: Letter, group: string, target: RedriveTarget, isPopGroup: boolean): Aim | null {
  const originTopic = originTopicOf(letter.record, group);
  if (target.kind === 'topic') return { destination: 'topic', topic: target.topic, originTopic };
  if (originTopic === null) return null;
  if (target.kind === 'origin') return { destination: 'topic', topic: originTopic, originTopic };
  if (!isPopGroup && !isPopRecord(letter.record)) {
    return { destination: 'retry', topic: RETRY_PREFIX + group, originTopic };
  }
  const left = letter.record.properties.RETRY_TOPIC ?? '';
  const topic = left.startsWith(RETRY_PREFIX) ? left : `${RETRY_PREFIX}${group}_${originTopic}`;
  return { destination: 'pop', topic, originTopic };
}

/** The copy stays on its letter's broker, where that takes it. */
export const holderFor = (holders: readonly string[], broker: string): string | undefined =>
  holders.includes(broker) ? broker : [...holders].sort()[0];

/** Messages of one sharding key stay together, the others spread over the queues. */
export function queueFor(letter: Letter, index: number, writeQueues: number): number {
  const key = letter.record.properties.__SHARDINGKEY;
  return (key ? absoluteHash(key) : index) % writeQueues;
}
