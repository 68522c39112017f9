import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import { parseDelayLevels } from '@/lib/rocketmq/codec/delay-levels';
import { RocketMQError } from '@/lib/rocketmq/errors';
import { GET_ALL_CONSUMER_OFFSET, type StoredConsumerOffset } from '@/lib/rocketmq/requests/get-all-consumer-offset';
import { GET_ALL_SUBSCRIPTIONGROUP_CONFIG } from '@/lib/rocketmq/requests/get-all-subscriptiongroup-config';
import { GET_ALL_TOPIC_CONFIG } from '@/lib/rocketmq/requests/get-all-topic-config';
import { GET_BROKER_CONFIG } from '@/lib/rocketmq/requests/get-broker-config';
import { GET_BROKER_RUNTIME_INFO } from '@/lib/rocketmq/requests/get-broker-runtime-info';
import { GET_CONSUMER_CONNECTION_LIST } from '@/lib/rocketmq/requests/get-consumer-connection-list';
import type { Asker } from './ask';
import type { BrokerFacts, BrokerSettings, GroupConnections, GroupFacts } from './broker-facts';
import { readLadder } from './read-ladder';
import { readTopics } from './read-topics';
import { isSystemGroup } from './system-names';

/** Connections are asked for at most this many groups per sweep and broker, the longest unasked first. */
const CONNECTIONS_PER_SWEEP = 300;
const SETTINGS_EVERY_SWEEPS = 12;

/**
 * Everything one master says about topics, groups and offsets. Rejects when it does not answer in time or
 * refuses one of the three tables everything hangs on; what it refuses beyond that stays unknown.
 */
export async function readBroker(
  asker: Asker,
  previous: BrokerFacts | undefined,
  now: () => number,
): Promise<BrokerFacts> {
  const [configs, { groups: groupConfigs }, { offsets: rows }, settings] = await Promise.all([
    asker.ask(GET_ALL_TOPIC_CONFIG, undefined),
    asker.ask(GET_ALL_SUBSCRIPTIONGROUP_CONFIG, undefined),
    asker.ask(GET_ALL_CONSUMER_OFFSET, undefined),
    readSettings(asker, previous?.settings),
  ]);
  const groups = new Map<string, GroupFacts>();
  for (const config of groupConfigs) {
    groups.set(config.groupName, {
      consumeEnabled: config.consumeEnable,
      broadcastEnabled: config.consumeBroadcastEnable,
      retryMaxTimes: config.retryMaxTimes,
      retryQueues: config.retryQueueNums,
      orderly: config.consumeMessageOrderly,
    });
  }
  const [topics, connections, ladder] = await Promise.all([
    readTopics(asker, configs.topics),
    readConnections(asker, [...groups.keys()], previous?.connections, now),
    readLadder(asker, previous?.ladder, settings.delayLevelsMs),
  ]);
  const broadcastGroups = new Set(rows.filter(({ isBroadcast }) => isBroadcast).map(({ group }) => group));
  return {
    broker: asker.broker,
    asOf: now(),
    topics,
    groups,
    offsets: byGroup(rows),
    broadcastGroups,
    connections,
    ladder,
    settings,
  };
}

function byGroup(rows: readonly StoredConsumerOffset[]): BrokerFacts['offsets'] {
  const groups = new Map<string, Map<string, Map<number, number>>>();
  for (const { group, topic, queueId, offset, isBroadcast } of rows) {
    if (isBroadcast || offset === null) continue;
    const topics = groups.get(group) ?? new Map<string, Map<number, number>>();
    groups.set(group, topics);
    const queues = topics.get(topic) ?? new Map<number, number>();
    topics.set(topic, queues);
    queues.set(queueId, offset);
  }
  return groups;
}

async function readConnections(
  asker: Asker,
  groups: readonly string[],
  previous: BrokerFacts['connections'] | undefined,
  now: () => number,
): Promise<Map<string, Known<GroupConnections>>> {
  const found = new Map<string, Known<GroupConnections>>();
  const askedAt = (group: string) => {
    const before = previous?.get(group);
    return before && isKnown(before) ? before.asOf : 0;
  };
  const wanted = groups.filter((group) => !isSystemGroup(group)).sort((a, b) => askedAt(a) - askedAt(b));
  for (const group of wanted.slice(CONNECTIONS_PER_SWEEP))
    found.set(group, previous?.get(group) ?? unknown('not_read'));
  await Promise.all(
    wanted.slice(0, CONNECTIONS_PER_SWEEP).map(async (group) => {
      found.set(
        group,
        await optional(
          asker.ask(GET_CONSUMER_CONNECTION_LIST, { consumerGroup: group }).then((connected) =>
            known<GroupConnections>(
              {
                clientIds: connected?.connections.map(({ clientId }) => clientId) ?? [],
                messageModel: connected?.messageModel ?? null,
                consumeType: connected?.consumeType ?? null,
                topics: connected?.subscriptions.map(({ topic }) => topic) ?? [],
              },
              now(),
            ),
          ),
          unknown('members_unknown'),
        ),
      );
    }),
  );
  return found;
}

async function readSettings(asker: Asker, previous: BrokerSettings | undefined): Promise<BrokerSettings> {
  if (previous && previous.age + 1 < SETTINGS_EVERY_SWEEPS) return { ...previous, age: previous.age + 1 };
  const [runtime, config] = await Promise.all([
    optional(asker.ask(GET_BROKER_RUNTIME_INFO, undefined), null),
    optional(
      asker.ask(GET_BROKER_CONFIG, undefined).then(({ config: values }) => values),
      null,
    ),
  ]);
  const hours = Number(config?.fileReservedTime);
  return {
    version: runtime?.versionName ?? previous?.version ?? null,
    delayLevelsMs: config ? delayLevels(config.messageDelayLevel) : (previous?.delayLevelsMs ?? null),
    fileReservedHours: config
      ? Number.isFinite(hours) && hours > 0
        ? hours
        : null
      : (previous?.fileReservedHours ?? null),
    traceTopic: config ? (config.msgTraceTopicName ?? null) : (previous?.traceTopic ?? null),
    age: 0,
  };
}

function delayLevels(text: string | undefined): number[] | null {
  try {
    return text === undefined ? null : parseDelayLevels(text);
  } catch {
    return null;
  }
}

/** A refusal by the broker leaves one figure open; a lost connection or deadline concerns the whole broker. */
export async function optional<T>(reading: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof RocketMQError) return otherwise;
    throw error;
  }
}
