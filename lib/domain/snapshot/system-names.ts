import type { TopicType } from './snapshot';

export const RETRY_PREFIX = '%RETRY%';
export const DLQ_PREFIX = '%DLQ%';
export const SCHEDULE_TOPIC = 'SCHEDULE_TOPIC_XXXX';

/** `TopicValidator.java`, plus the reply topics; brokers and clusters have a topic of their own name. */
const SYSTEM_TOPICS = new Set([
  'TBW102',
  SCHEDULE_TOPIC,
  'TRANS_CHECK_MAX_TIME_TOPIC',
  'CHECKPOINT_TOPIC',
  'BenchmarkTest',
  'OFFSET_MOVED_EVENT',
  'SELF_TEST_TOPIC',
  'DefaultHeartBeatSyncerTopic',
]);

/** `MixAll.java`: consumer groups of RocketMQ's own tools and services. */
const SYSTEM_GROUPS = new Set([
  'TOOLS_CONSUMER',
  'FILTERSRV_CONSUMER',
  'SELF_TEST_C_GROUP',
  'CID_ONS-HTTP-PROXY',
  'CID_ONSAPI_PERMISSION',
  'CID_ONSAPI_OWNER',
  'CID_ONSAPI_PULL',
  'CID_SYS_RMQ_TRANS',
  'CID_DefaultHeartBeatSyncerTopic',
]);

export function isSystemGroup(group: string): boolean {
  return SYSTEM_GROUPS.has(group) || /^CID_(RMQ_SYS_|ONS)/.test(group) || group.startsWith('CID_HOUSEKEEPING_');
}

export function isSystemTopic(topic: string, clusterAndBrokerNames: ReadonlySet<string>): boolean {
  return (
    SYSTEM_TOPICS.has(topic) ||
    /^rmq_sys_/i.test(topic) ||
    clusterAndBrokerNames.has(topic) ||
    (topic.endsWith('_REPLY_TOPIC') && clusterAndBrokerNames.has(topic.slice(0, -'_REPLY_TOPIC'.length)))
  );
}

const MESSAGE_TYPES: ReadonlySet<string> = new Set(['NORMAL', 'FIFO', 'DELAY', 'TRANSACTION', 'MIXED']);

/** Type by name, else by the topic attribute `message.type` (RocketMQ 5). */
export function topicTypeOf(
  topic: string,
  attributes: Readonly<Record<string, string>>,
  clusterAndBrokerNames: ReadonlySet<string>,
): TopicType {
  if (topic.startsWith(RETRY_PREFIX)) return 'RETRY';
  if (topic.startsWith(DLQ_PREFIX)) return 'DLQ';
  if (isSystemTopic(topic, clusterAndBrokerNames)) return 'SYSTEM';
  const type = attributes['message.type'] ?? '';
  return MESSAGE_TYPES.has(type) ? (type as TopicType) : 'UNSPECIFIED';
}

export const isInternalType = (type: TopicType): boolean => type === 'RETRY' || type === 'DLQ' || type === 'SYSTEM';

/**
 * Whose retry topic this is: `%RETRY%group`, or of a POP group `%RETRY%group_topic` (v1) and
 * `%RETRY%group+topic` (v2). Names of v1 are ambiguous: an existing group of the whole name wins, then
 * the longest existing group whose rest is an existing topic. Null when nobody fits.
 */
export function retryOwner(
  retryTopic: string,
  isGroup: (name: string) => boolean,
  isTopic: (name: string) => boolean,
): { group: string; popTopic: string | null } | null {
  if (!retryTopic.startsWith(RETRY_PREFIX)) return null;
  const name = retryTopic.slice(RETRY_PREFIX.length);
  if (isGroup(name)) return { group: name, popTopic: null };
  for (let at = name.length - 1; at > 0; at--) {
    if (name[at] !== '_' && name[at] !== '+') continue;
    const group = name.slice(0, at);
    const popTopic = name.slice(at + 1);
    if (isGroup(group) && isTopic(popTopic)) return { group, popTopic };
  }
  return null;
}
