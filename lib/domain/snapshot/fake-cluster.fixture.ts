import { type OffsetTable, readOffsetTable } from '@/lib/rocketmq/codec/offset-table';
import type { RequestDefinition } from '@/lib/rocketmq/define-request';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import type { ConsumerRunningInfo } from '@/lib/rocketmq/requests/get-consumer-running-info';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import type { Snapshot } from './snapshot';

/** For tests: a master that answers from tables. */
export interface FakeBroker {
  /** Its RocketMQ cluster; `c` unless said. */
  cluster?: string;
  /** Topic → queues as [min, max]. */
  topics: Record<string, [min: number, max: number][]>;
  /** Store time of the message at an offset of such a topic, rising. */
  storedAt?: (offset: number) => number;
  groups: string[];
  frozen?: string[];
  /** `topic@group` or `topic@group@broadcast` → offsets by queue id. */
  offsets: Record<string, Record<number, number>>;
  clients?: Record<string, string[]>;
  broadcast?: string[];
  /** Client id → queues it says it holds; a client that is missing does not answer. */
  holds?: Record<string, { topic: string; brokerName: string; queueId: number }[]>;
  /** Client id → what else it says of itself. */
  running?: Record<string, Partial<ConsumerRunningInfo>>;
  /** Level → waiting retry topics, and the offset delivered so far. */
  ladder?: Record<number, { delivered: number; targets: string[] }>;
  /** Text of the `DataVersion` of its tables; without it they are read in every sweep. */
  version?: string;
  /** Ends of its commit log, and bytes of it that are not in their queues. */
  log?: { min: number; max: number; behind?: number };
  /** Requests, by name, that never answer; `*` = all. */
  hangs?: string[];
  /** It answers nothing before this. */
  opens?: Promise<void>;
}

export const NOW = 1_800_000_000_000;

/** A context over fake brokers. `clock.now` moves time; `sent` counts requests by name. */
export function fakeCluster(brokers: Record<string, FakeBroker>) {
  const clock = { now: NOW };
  const sent: string[] = [];
  const written: unknown[] = [];
  let snapshot: Snapshot | null = null;
  const call = async (request: RequestDefinition<never, unknown>, input: unknown, { broker }: { broker: string }) => {
    sent.push(request.name);
    const fake = brokers[broker];
    if (!fake || fake.hangs?.some((name) => name === '*' || name === request.name)) {
      throw new RemotingError('TIMEOUT', broker, `${broker} did not answer`, true);
    }
    await fake.opens;
    const answer = ANSWERS[request.name];
    if (!answer) throw new Error(`the fake cluster does not know ${request.name}`);
    return answer(fake, input as Input, broker, clock.now);
  };
  const client = {
    nameServers: ['ns:9876'],
    call,
    callNameServer: async () => null,
    topology: {
      failures: [],
      masters: async () => ({ items: Object.keys(brokers).map((name) => ({ name })), failures: [] }),
      get: async () => ({
        asOf: clock.now,
        isStale: false,
        disagreements: [],
        failures: [],
        brokers: Object.keys(brokers).map((name) => ({
          name,
          cluster: brokers[name]?.cluster ?? 'c',
          addresses: new Map([[0, `${name}:10911`]]),
          masterAddress: `${name}:10911`,
          blockedAddresses: [],
        })),
      }),
    },
  };
  const quiet = () => {};
  const ctx = {
    cluster: 'test',
    actor: actorOf('admin'),
    client,
    snapshot: () => snapshot,
    store: { samples: { windows: async () => [], append: async (sweep: unknown) => void written.push(sweep) } },
    log: { info: quiet, warn: quiet, error: quiet },
    signal: new AbortController().signal,
    now: () => clock.now,
    get deadlineAt() {
      return clock.now + 4000;
    },
    requestId: 'test',
  } as unknown as Ctx;
  return { ctx, clock, sent, written, brokers, show: (next: Snapshot) => (snapshot = next) };
}

interface Input {
  topic: string;
  queueId: number;
  queueOffset: number;
  consumerGroup: string;
  clientId: string;
  at: number;
  known?: string;
  before?: OffsetTable;
}

const ANSWERS: Record<string, (fake: FakeBroker, input: Input, broker: string, now: number) => unknown> = {
  GET_ALL_TOPIC_CONFIG: ({ topics, version = null }, input) =>
    input?.known
      ? version
      : {
          version,
          topics: Object.entries(topics).map(([topicName, queues]) => ({
            topicName,
            readQueueNums: queues.length,
            writeQueueNums: queues.length,
            perm: 6,
            order: false,
            attributes: {},
          })),
        },
  GET_ALL_SUBSCRIPTIONGROUP_CONFIG: ({ groups, frozen = [], version = null }, input) =>
    input?.known
      ? version
      : {
          version,
          groups: groups.map((groupName) => ({
            groupName,
            consumeEnable: !frozen.includes(groupName),
            retryMaxTimes: 16,
          })),
        },
  GET_ALL_CONSUMER_OFFSET: ({ offsets }, { before }) => {
    const queues = (of: Record<number, number>) => Object.entries(of).map(([id, offset]) => `${id}:${offset}`);
    const entries = Object.entries(offsets).map(([key, of]) => `"${key}":{${queues(of)}}`);
    return readOffsetTable(Buffer.from(`{"offsetTable":{${entries}}}`), before);
  },
  GET_BROKER_RUNTIME_INFO: ({ log }) => ({
    versionName: 'V5_5_0',
    commitLogMinOffset: log?.min ?? null,
    commitLogMaxOffset: log?.max ?? null,
    dispatchBehindBytes: log?.behind ?? 0,
  }),
  GET_BROKER_CONFIG: () => ({
    config: { messageDelayLevel: '1s 5s 10s', fileReservedTime: '72', msgTraceTopicName: 'RMQ_SYS_TRACE_TOPIC' },
  }),
  GET_TOPIC_STATS_INFO: ({ topics, storedAt }, { topic }, brokerName, now) => ({
    queues: (topics[topic] ?? []).map(([minOffset, maxOffset], queueId) => ({
      topic,
      brokerName,
      queueId,
      minOffset,
      maxOffset,
      lastUpdatedAt: maxOffset === 0 ? null : (storedAt?.(maxOffset - 1) ?? now - 1000),
    })),
  }),
  SEARCH_OFFSET_BY_TIMESTAMP: ({ topics, storedAt = () => 0 }, { topic, queueId, at }) => {
    const [, max] = topics[topic]?.[queueId] ?? [0, 0];
    let offset = 0;
    while (offset < max && storedAt(offset) < at) offset++;
    return offset;
  },
  GET_CONSUMER_CONNECTION_LIST: ({ clients = {}, broadcast = [], offsets }, { consumerGroup }) => {
    const ids = clients[consumerGroup];
    if (!ids) return null;
    const topics = Object.keys(offsets).flatMap((key) =>
      key.split('@')[1] === consumerGroup ? [key.split('@')[0]] : [],
    );
    return {
      connections: ids.map((clientId) => ({ clientId, clientAddr: '', language: 'JAVA', version: 479 })),
      consumeType: 'CONSUME_PASSIVELY',
      messageModel: broadcast.includes(consumerGroup) ? 'BROADCASTING' : 'CLUSTERING',
      subscriptions: topics.map((topic) => ({ topic, subString: '*', expressionType: 'TAG' })),
    };
  },
  GET_CONSUMER_RUNNING_INFO: ({ holds = {}, running = {} }, { clientId }) => {
    const queues = holds[clientId];
    if (!queues) throw new RocketMQError(207, '', 'GET_CONSUMER_RUNNING_INFO', 'fake');
    const answer = { popQueues: [], properties: {}, subscriptions: [], topics: [], jstack: null };
    return { ...answer, queues: queues.map((queue) => ({ ...queue, isDropped: false })), ...running[clientId] };
  },
  GET_ALL_DELAY_OFFSET: ({ ladder = {} }) => ({
    levels: Object.entries(ladder).map(([level, { delivered }]) => ({
      level: Number(level),
      deliveredOffset: delivered,
    })),
  }),
  GET_MAX_OFFSET: ({ ladder = {} }, { queueId }) => ladder[queueId + 1]?.targets.length ?? 0,
  PULL_MESSAGE: ({ ladder = {}, topics, storedAt }, { topic, queueId, queueOffset }, _, now) => {
    if (storedAt && topics[topic]) return { status: 'FOUND', messages: [{ storedAt: storedAt(queueOffset) }] };
    const targets = ladder[queueId + 1]?.targets ?? [];
    return {
      status: 'FOUND',
      messages: targets.slice(queueOffset, queueOffset + 32).map((target, index) => ({
        queueOffset: queueOffset + index,
        storedAt: now,
        properties: { REAL_TOPIC: target },
      })),
      nextBeginOffset: Math.min(targets.length, queueOffset + 32),
    };
  },
};
