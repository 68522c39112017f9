import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { RequestDefinition } from '@/lib/rocketmq/define-request';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import type { Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import type { Snapshot } from '../snapshot/snapshot';
import { aStoredMessage } from './stored-message.fixture';

/** All fields that these requests have. */
interface FakeInput {
  topic: string;
  queueId: number;
  queueOffset: number;
  maxMsgNums: number;
  physicalOffset: number;
  key: string;
  index: number;
  count: number;
  consumerGroup: string;
}

/** Brokers in memory that answer the reads of this folder's verbs, for unit tests. */
export class FakeCluster {
  readonly calls: { broker: string; request: string; input: FakeInput }[] = [];
  readonly silent = new Set<string>();
  /** Topics that answer pulls with "no permission". */
  readonly writeOnly = new Set<string>();
  readonly committed = new Map<string, number>();
  readonly delivered = new Map<string, { level: number; deliveredOffset: number }[]>();
  readonly subscribers = new Map<string, string[]>();
  readonly groups = new Set<string>();
  /** Broken records per pull, keyed `broker topic`. */
  readonly damaged = new Map<string, number>();
  /** Whether a record cannot be decoded. */
  isBroken = (_record: StoredMessage): boolean => false;
  /** First offset kept, keyed `broker topic`. */
  readonly expired = new Map<string, number>();
  #records = new Map<string, StoredMessage[]>();
  #nextPlace = 1000;

  constructor(readonly addresses: Readonly<Record<string, string>>) {}

  /** Appends a record; its queue offset is the next one of its queue. */
  store(broker: string, part: Partial<StoredMessage> & { topic: string }): StoredMessage {
    const all = this.#records.get(broker) ?? [];
    const queueId = part.queueId ?? 0;
    const inQueue = all.filter((each) => each.topic === part.topic && each.queueId === queueId);
    const physicalOffset = part.physicalOffset ?? this.#nextPlace + all.length * 100;
    const record = aStoredMessage({
      queueId,
      queueOffset: inQueue.length,
      physicalOffset,
      bornAt: part.storedAt ?? 1000,
      storeHost: this.addresses[broker] ?? '',
      offsetMessageId: `${broker}-${physicalOffset}`.toUpperCase(),
      ...part,
    });
    this.#records.set(broker, [...all, record]);
    return record;
  }

  /** As a purge does: its queues begin again at 0. */
  removeTopic(broker: string, topic: string): void {
    this.#records.set(
      broker,
      (this.#records.get(broker) ?? []).filter((each) => each.topic !== topic),
    );
    this.#nextPlace += 10_000;
  }

  ctx(store: Store, snapshot: Snapshot | null = null, now = () => 1_000_000): Ctx {
    const brokers = Object.entries(this.addresses).map(([name, address]) => ({
      cluster: 'c',
      name,
      addresses: new Map([[0, address]]),
      masterAddress: address,
      blockedAddresses: [],
    }));
    const client = {
      name: 'test',
      nameServers: ['ns:9876'],
      topology: {
        get: async () => ({ asOf: 0, brokers, failures: [], isStale: false, disagreements: [] }),
        masters: async () => ({ items: brokers, failures: [] }),
      },
      call: async (request: RequestDefinition<unknown, unknown>, input: unknown, { broker }: { broker: string }) =>
        this.#answer(broker, request.name, (input ?? {}) as FakeInput),
    };
    return {
      cluster: 'test',
      actor: actorOf('admin', { name: 'local' }),
      client: client as unknown as Ctx['client'],
      snapshot: () => snapshot,
      store,
      log: { info: () => {}, warn: () => {}, error: () => {} },
      signal: new AbortController().signal,
      now,
      deadlineAt: now() + 5000,
      requestId: 'test',
      maxRate: 500,
    };
  }

  #queue(broker: string, topic: string, queueId: number): StoredMessage[] {
    return (this.#records.get(broker) ?? []).filter((each) => each.topic === topic && each.queueId === queueId);
  }

  #answer(broker: string, request: string, input: FakeInput): unknown {
    this.calls.push({ broker, request, input });
    if (this.silent.has(broker)) throw new RemotingError('CONNECT', broker, `${broker} is down`, false);
    const { topic, queueId, queueOffset, maxMsgNums, physicalOffset, key, index, count, consumerGroup } = input;
    const queue = this.#queue(broker, topic, queueId);
    const all = this.#records.get(broker) ?? [];
    switch (request) {
      case 'GET_MIN_OFFSET':
        return this.expired.get(`${broker} ${topic}`) ?? 0;
      case 'GET_MAX_OFFSET':
        return queue.length;
      case 'GET_TOPIC_CONFIG':
        return all.some((each) => each.topic === topic) ? { readQueueNums: 1 } : null;
      case 'PULL_MESSAGE': {
        if (this.writeOnly.has(topic)) throw new RocketMQError(16, 'no permission', request, broker);
        // Eight at a time, like a broker that reads from disk.
        const messages = queue.slice(queueOffset, queueOffset + Math.min(8, maxMsgNums));
        const broken = this.damaged.get(`${broker} ${topic}`) ?? 0;
        const whole = messages.slice(broken).filter((each) => !this.isBroken(each));
        return {
          status: messages.length > 0 ? 'FOUND' : 'END',
          messages: whole,
          damaged: messages.slice(whole.length).map(() => ({ at: 0, reason: 'damaged' })),
          nextBeginOffset: queueOffset + messages.length,
          minOffset: 0,
          maxOffset: queue.length,
        };
      }
      case 'VIEW_MESSAGE_BY_ID':
        return all.find((each) => each.physicalOffset === physicalOffset) ?? null;
      case 'QUERY_MESSAGE': {
        const messages = all.filter(
          ({ topic: stored, properties }) =>
            stored === topic && (properties.UNIQ_KEY === key || (properties.KEYS ?? '').split(' ').includes(key)),
        );
        return { messages, damaged: [], hits: messages.length };
      }
      case 'QUERY_CONSUME_QUEUE':
        return {
          minQueueOffset: 0,
          maxQueueOffset: queue.length,
          entries: queue.slice(index, index + count).map((each) => ({
            queueOffset: each.queueOffset,
            physicalOffset: each.physicalOffset,
            sizeBytes: 100,
            tagsCode: each.storedAt + 10_000,
          })),
        };
      case 'QUERY_CONSUMER_OFFSET':
        return this.committed.get(`${consumerGroup} ${topic} ${broker}`) ?? null;
      case 'GET_ALL_DELAY_OFFSET':
        return { levels: this.delivered.get(broker) ?? [] };
      case 'QUERY_TOPIC_CONSUME_BY_WHO':
        return { groups: this.subscribers.get(topic) ?? [] };
      case 'GET_ALL_SUBSCRIPTIONGROUP_CONFIG':
        return { groups: [...this.groups].map((groupName) => ({ groupName, consumeEnable: true, retryMaxTimes: 16 })) };
      case 'GET_CONSUMER_CONNECTION_LIST':
        return null;
      default:
        throw new Error(`The fake cluster does not know ${request}.`);
    }
  }
}
