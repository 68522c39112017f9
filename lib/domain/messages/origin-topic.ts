import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { DLQ_PREFIX, RETRY_PREFIX, SCHEDULE_TOPIC } from '../snapshot/system-names';

const PARKING_TOPICS = new Set([SCHEDULE_TOPIC, 'rmq_sys_wheel_timer', 'RMQ_SYS_TRANS_HALF_TOPIC']);

type Origin = Pick<StoredMessage, 'topic' | 'properties'>;

/**
 * The business topic of a record: the one it lies in, else the one it says it came from. Null when only the name of a
 * retry topic is known and its group is not. What a record in a business topic says was written by its sender.
 */
export const originTopicOf = (record: Origin, group = groupOf(record)): string | null =>
  isBusinessTopic(record.topic) ? record.topic : saidOriginOf(record, group);

/**
 * Where a record says it came from, without the retry topics it passed (`KeyBuilder.java`): POP consumers leave
 * `%RETRY%group_topic` (or `%RETRY%group+topic`) where classic ones leave the topic itself.
 */
export function saidOriginOf(record: Origin, group = groupOf(record)): string | null {
  const { RETRY_TOPIC, DLQ_ORIGIN_TOPIC, REAL_TOPIC } = record.properties;
  for (const topic of [DLQ_ORIGIN_TOPIC, RETRY_TOPIC, record.topic, REAL_TOPIC]) {
    if (topic && isBusinessTopic(topic)) return topic;
    if (!topic?.startsWith(RETRY_PREFIX)) continue;
    const stripped = group === undefined ? null : stripPopPrefix(topic, group);
    if (stripped) return stripped;
  }
  return null;
}

const isBusinessTopic = (topic: string): boolean =>
  !topic.startsWith(DLQ_PREFIX) && !topic.startsWith(RETRY_PREFIX) && !PARKING_TOPICS.has(topic);

/** The group a retry or dead-letter copy belongs to, as far as the record tells without doubt. */
export function groupOf({ topic, properties }: Origin): string | undefined {
  if (topic.startsWith(DLQ_PREFIX)) return topic.slice(DLQ_PREFIX.length);
  return properties.ORIGIN_GROUP || undefined;
}

/** Whether `topic` is one of the retry topics of `group`: its own, or a POP one per business topic. */
export function isRetryTopicOf(topic: string, group: string): boolean {
  return topic === RETRY_PREFIX + group || stripPopPrefix(topic, group) !== null;
}

function stripPopPrefix(topic: string, group: string): string | null {
  const prefix = RETRY_PREFIX + group;
  const separator = topic.charAt(prefix.length);
  if (!topic.startsWith(prefix) || (separator !== '_' && separator !== '+')) return null;
  return topic.slice(prefix.length + 1) || null;
}

/** A dead letter of a POP or gRPC consumer: it kept the POP retry topic. */
export const isPopRecord = ({ properties }: Pick<Origin, 'properties'>): boolean =>
  properties['1ST_POP_TIME'] !== undefined || (properties.RETRY_TOPIC ?? '').startsWith(RETRY_PREFIX);
