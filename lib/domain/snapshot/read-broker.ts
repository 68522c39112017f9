import { GET_ALL_CONSUMER_OFFSET } from '@/lib/rocketmq/requests/get-all-consumer-offset';
import {
  GET_ALL_SUBSCRIPTIONGROUP_CONFIG,
  SUBSCRIPTIONGROUP_CONFIG_VERSION,
} from '@/lib/rocketmq/requests/get-all-subscriptiongroup-config';
import { GET_ALL_TOPIC_CONFIG, TOPIC_CONFIG_VERSION } from '@/lib/rocketmq/requests/get-all-topic-config';
import { type BrokerRuntimeInfo, GET_BROKER_RUNTIME_INFO } from '@/lib/rocketmq/requests/get-broker-runtime-info';
import type { Asker } from './ask';
import type { BrokerFacts, GroupFacts, LadderFacts, LogMark } from './broker-facts';
import { optional } from './optional';
import { readConnections } from './read-connections';
import { readLadder } from './read-ladder';
import { readOffsets } from './read-offsets';
import { readSettings } from './read-settings';
import { readTopics, type TopicShape } from './read-topics';

/** Groups and topics that somebody looks at. */
export interface Watched {
  groups: ReadonlySet<string>;
  topics: ReadonlySet<string>;
}

/**
 * Everything one master says about topics, groups and offsets; what is known not to have changed is not asked again. Rejects
 * when it does not answer in time or refuses one of the tables everything hangs on; what it refuses beyond that stays unknown.
 */
export async function readBroker(
  asker: Asker,
  previous: BrokerFacts | undefined,
  { now, watched }: { now: () => number; watched: Watched },
): Promise<BrokerFacts> {
  // Committed offsets and the log's end come before the queues: a queue cannot end before what was committed in it.
  const [table, groupTable, stored, runtime] = await Promise.all([
    readTopicTable(asker, previous),
    readGroupTable(asker, previous),
    asker.ask(GET_ALL_CONSUMER_OFFSET, { before: previous?.marks.offsetTable ?? undefined }),
    optional(asker.ask(GET_BROKER_RUNTIME_INFO, undefined), null),
  ]);
  const settings = await readSettings(asker, previous?.settings, runtime);
  const { offsets, broadcastGroups, moved } = readOffsets(stored, previous);
  const ladder = await readLadder(asker, previous?.ladder, settings.delayLevelsMs);
  const log = settings.provesByLog ? logOf(runtime) : null;
  const urgent = new Set([...moved.topics, ...watched.topics, ...delivered(previous?.ladder, ladder)]);
  const [topics, connections] = await Promise.all([
    readTopics(asker, { shapes: table.shapes, previous, log, isTableNew: table.isNew, urgent, now: now() }),
    readConnections(asker, groupTable.groups.keys(), { previous, watched: watched.groups, moved: moved.groups, now }),
  ]);
  return {
    broker: asker.broker,
    asOf: now(),
    topics,
    groups: groupTable.groups,
    offsets,
    broadcastGroups,
    connections,
    ladder,
    settings,
    bootAt: runtime?.bootAt ?? null,
    marks: { topicsVersion: table.version, groupsVersion: groupTable.version, offsetTable: stored, log },
  };
}

async function readTopicTable(asker: Asker, previous: BrokerFacts | undefined) {
  const known = previous?.marks.topicsVersion;
  if (previous && known && (await asker.ask(TOPIC_CONFIG_VERSION, { known })) === known)
    return { shapes: previous.topics as ReadonlyMap<string, TopicShape>, version: known, isNew: false };
  const { topics, version } = await asker.ask(GET_ALL_TOPIC_CONFIG, undefined);
  const shapes = new Map<string, TopicShape>();
  for (const { topicName, readQueueNums, writeQueueNums, perm, order, attributes } of topics) {
    shapes.set(topicName, { readQueues: readQueueNums, writeQueues: writeQueueNums, perm, order, attributes });
  }
  // Without a version nobody knows what has happened in between.
  return { shapes, version, isNew: true };
}

async function readGroupTable(asker: Asker, previous: BrokerFacts | undefined) {
  const known = previous?.marks.groupsVersion;
  if (previous && known && (await asker.ask(SUBSCRIPTIONGROUP_CONFIG_VERSION, { known })) === known)
    return { groups: previous.groups, version: known };
  const { groups: configs, version } = await asker.ask(GET_ALL_SUBSCRIPTIONGROUP_CONFIG, undefined);
  const groups = new Map<string, GroupFacts>();
  for (const config of configs) {
    groups.set(config.groupName, {
      consumeEnabled: config.consumeEnable,
      broadcastEnabled: config.consumeBroadcastEnable,
      retryMaxTimes: config.retryMaxTimes,
      retryQueues: config.retryQueueNums,
      orderly: config.consumeMessageOrderly,
    });
  }
  return { groups, version };
}

/** Null while messages of the log are not in their queues yet: more may appear there without the log moving. */
function logOf(runtime: BrokerRuntimeInfo | null): LogMark | null {
  if (runtime?.dispatchBehindBytes !== 0) return null;
  const { commitLogMinOffset: min, commitLogMaxOffset: max } = runtime;
  return max === null ? null : { min: min ?? -1, max };
}

/** Topics to which the ladder has delivered since. */
function delivered(before: LadderFacts | undefined, now: LadderFacts): Set<string> {
  const topics = new Set<string>();
  for (const [level, { waiting }] of before?.levels ?? []) {
    const first = now.levels.get(level)?.deliveredTo ?? 0;
    for (const { queueOffset, retryTopic } of waiting) if (retryTopic && queueOffset < first) topics.add(retryTopic);
  }
  return topics;
}
