import type { CallTarget, Lane } from '@/lib/rocketmq/client';
import { createOffsetMessageId } from '@/lib/rocketmq/codec/message-id';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { RequestDefinition } from '@/lib/rocketmq/define-request';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import type { SendMessageInput } from '@/lib/rocketmq/requests/send-message-v2';
import { aStoredMessage } from '../messages/stored-message.fixture';

/** What a broker does with one SEND. `late`: lost for the sender, stored when the next frame arrives. */
export type Deed =
  | { kind: 'answer'; code: 0 | 10 | 12 }
  | { kind: 'refuse'; code: 2 | 13 | 14 | 17 | 215 }
  | { kind: 'error'; isStored: boolean }
  | { kind: 'silence'; isStored: boolean }
  | { kind: 'late' }
  | { kind: 'divert' };

const hostOf = (port: number) => Buffer.from([127, 0, 0, 1, 0, 0, port >> 8, port & 0xff]);

/** Stands for the `RocketMQClient` of a cluster with several masters. */
export const clientOfAll = (brokers: readonly FakeBroker[]) => {
  const of = (name: string) => brokers.find((broker) => broker.name === name) ?? (brokers[0] as FakeBroker);
  const call: FakeBroker['client']['call'] = (request, input, target) =>
    of(target.broker).client.call(request, input, target);
  const openLane = (broker: string) => of(broker).client.openLane(broker);
  const topology = { masters: async () => ({ items: brokers.map(({ name }) => ({ name })), failures: [] }) };
  return { ...(brokers[0] as FakeBroker).client, topology, call, openLane };
};

/** One master with a group and its topics, in memory. */
export class FakeBroker {
  readonly topics = new Map<string, { queues: number; perm: number }>();
  /** Of topics that say what they are made for. */
  readonly attributes = new Map<string, Record<string, string>>();
  readonly queues = new Map<string, StoredMessage[]>();
  readonly groups = new Set<string>();
  /** Those of them that are configured to consume in order. */
  readonly fifoGroups = new Set<string>();
  readonly subscribers = new Map<string, string[]>();
  readonly expiredBelow = new Map<string, number>();
  readonly committed = new Map<string, number>();
  readonly log: { request: string; input: unknown }[] = [];
  deeds: Deed[] = [];
  /** Called with every SEND before anything happens. */
  onSend: (input: SendMessageInput) => Promise<void> = async () => {};
  /** Called with every copy that has been stored: the place of a consumer. */
  onStored: (message: StoredMessage) => void = () => {};
  clients: { clientId: string; isOrderly: boolean }[] = [];
  isDown = false;
  keepsIndex = true;
  #late: SendMessageInput[] = [];
  #position = 1000;

  constructor(
    readonly name = 'broker-a',
    private readonly port = 10_000,
  ) {}

  addTopic(topic: string, queues = 1, perm = 6): this {
    this.topics.set(topic, { queues, perm });
    return this;
  }

  put(topic: string, over: Partial<StoredMessage> = {}): StoredMessage {
    const queueId = over.queueId ?? 0;
    const queue = this.queue(topic, queueId);
    const physicalOffset = this.#position;
    this.#position += 500;
    const message = aStoredMessage({
      queueOffset: queue.length,
      physicalOffset,
      storedAt: physicalOffset,
      storeHost: `127.0.0.1:${this.port}`,
      ...over,
      topic,
      queueId,
      offsetMessageId: createOffsetMessageId(hostOf(this.port), physicalOffset),
    });
    queue.push(message);
    return message;
  }

  /** A dead letter as a broker leaves it. */
  bury(group: string, uniqKey: string, properties: Record<string, string> = {}): StoredMessage {
    this.addTopic(`%DLQ%${group}`);
    return this.put(`%DLQ%${group}`, {
      reconsumeTimes: 17,
      properties: { RETRY_TOPIC: 'orders', UNIQ_KEY: uniqKey, ...properties },
    });
  }

  queue(topic: string, queueId: number): StoredMessage[] {
    const key = `${topic} ${queueId}`;
    const queue = this.queues.get(key) ?? [];
    this.queues.set(key, queue);
    return queue;
  }

  all(): StoredMessage[] {
    return [...this.queues.values()].flat();
  }

  sends(): SendMessageInput[] {
    return this.log
      .filter(({ request }) => request === 'SEND_MESSAGE_V2')
      .map(({ input }) => input as SendMessageInput);
  }

  /** Stands for `RocketMQClient`. */
  readonly client = {
    nameServers: ['127.0.0.1:9876'],
    topology: { masters: async () => ({ items: [{ name: this.name }], failures: [] }) },
    openLane: async (broker: string): Promise<Lane> => {
      if (this.isDown) throw new RemotingError('CONNECT', broker, 'down', false);
      let isOpen = true;
      const close = () => {
        isOpen = false;
      };
      return {
        broker,
        close,
        destroy: close,
        get isOpen() {
          return isOpen;
        },
      };
    },
    call: async (request: RequestDefinition<unknown, unknown>, input: never, target: CallTarget): Promise<unknown> => {
      this.log.push({ request: request.name, input });
      if (this.isDown || target.broker !== this.name) throw new RemotingError('CONNECT', target.broker, 'down', false);
      const answer = this.#answers[request.name];
      if (!answer) throw new Error(`the fake broker knows no ${request.name}`);
      return answer(input);
    },
    callNameServer: async (request: RequestDefinition<unknown, unknown>, input: never): Promise<unknown> => {
      this.log.push({ request: request.name, input });
      const answer = this.#answers[request.name];
      if (!answer) throw new Error(`the fake NameServer knows no ${request.name}`);
      return answer(input);
    },
  };

  // biome-ignore lint/suspicious/noExplicitAny: inputs of many requests in one table
  readonly #answers: Record<string, (input: any) => unknown> = {
    GET_MIN_OFFSET: ({ topic, queueId }) => this.expiredBelow.get(`${topic} ${queueId}`) ?? 0,
    GET_MAX_OFFSET: ({ topic, queueId }) => this.queues.get(`${topic} ${queueId}`)?.length ?? 0,
    GET_TOPIC_CONFIG: ({ topic }) => {
      const found = this.topics.get(topic);
      return found
        ? {
            topicName: topic,
            readQueueNums: found.queues,
            writeQueueNums: found.queues,
            perm: found.perm,
            attributes: this.attributes.get(topic) ?? {},
          }
        : null;
    },
    GET_ROUTEINFO_BY_TOPIC: ({ topic }) => (this.topics.has(topic) ? { queues: [], brokers: [] } : null),
    GET_ALL_SUBSCRIPTIONGROUP_CONFIG: () => ({
      groups: [...this.groups].map((groupName) => ({
        groupName,
        consumeMessageOrderly: this.fifoGroups.has(groupName),
      })),
    }),
    GET_CONSUMER_CONNECTION_LIST: () => ({ connections: this.clients, messageModel: 'CLUSTERING' }),
    GET_CONSUMER_RUNNING_INFO: ({ clientId }) => ({
      properties: {
        PROP_CONSUMEORDERLY: String(this.clients.find((client) => client.clientId === clientId)?.isOrderly),
      },
    }),
    GET_BROKER_CONFIG: () => ({ config: { messageIndexEnable: String(this.keepsIndex), enableRetryTopicV2: 'false' } }),
    GET_BROKER_RUNTIME_INFO: () => ({ dispatchBehindBytes: 0 }),
    QUERY_TOPIC_CONSUME_BY_WHO: ({ topic }) => ({ groups: this.subscribers.get(topic) ?? [] }),
    QUERY_CONSUMER_OFFSET: ({ topic, queueId }) => this.committed.get(`${topic} ${queueId}`) ?? null,
    QUERY_MESSAGE: ({ topic, key }) => ({
      messages: this.all().filter((message) => message.topic === topic && message.properties.UNIQ_KEY === key),
    }),
    QUERY_CONSUME_QUEUE: ({ topic, queueId, index, count }) => ({
      entries: this.queue(topic, queueId)
        .slice(index, index + count)
        .map(({ queueOffset, physicalOffset }) => ({ queueOffset, physicalOffset, sizeBytes: 1, tagsCode: 0 })),
    }),
    VIEW_MESSAGE_BY_ID: ({ physicalOffset }) =>
      this.all().find((message) => message.physicalOffset === physicalOffset) ?? null,
    PULL_MESSAGE: ({ topic, queueId, queueOffset, maxMsgNums }) => {
      const queue = this.queue(topic, queueId);
      const messages = queue.slice(queueOffset, queueOffset + maxMsgNums);
      const next = queueOffset + messages.length;
      return {
        status: messages.length > 0 ? 'FOUND' : 'END',
        messages,
        damaged: [],
        nextBeginOffset: next,
        minOffset: 0,
        maxOffset: queue.length,
      };
    },
    SEND_MESSAGE_V2: async (input: SendMessageInput) => {
      await this.onSend(input);
      for (const late of this.#late.splice(0)) this.#store(late);
      return this.#serve(input, this.deeds.shift() ?? { kind: 'answer', code: 0 });
    },
    DELETE_TOPIC_IN_BROKER: ({ topic }) => {
      this.topics.delete(topic);
      for (const key of [...this.queues.keys()]) if (key.startsWith(`${topic} `)) this.queues.delete(key);
    },
    DELETE_TOPIC_IN_NAMESRV: () => undefined,
  };

  #serve(input: SendMessageInput, deed: Deed) {
    const { name } = this;
    const silent = () => new RemotingError('TIMEOUT', name, 'no answer', true);
    if (deed.kind === 'refuse') throw new RocketMQError(deed.code, '', 'SEND_MESSAGE_V2', name);
    if (deed.kind === 'late') {
      this.#late.push(input);
      throw silent();
    }
    if (deed.kind === 'error' || deed.kind === 'silence') {
      if (deed.isStored) this.#store(input);
      throw deed.kind === 'error' ? new RocketMQError(1, 'system error', 'SEND_MESSAGE_V2', name) : silent();
    }
    const topic = deed.kind === 'divert' ? input.topic.replace('%RETRY%', '%DLQ%') : input.topic;
    const { offsetMessageId, queueId, queueOffset } = this.#store({ ...input, topic });
    return { stored: true, code: deed.kind === 'divert' ? 0 : deed.code, msgId: offsetMessageId, queueId, queueOffset };
  }

  #store({ topic, queueId, properties, body, sysFlag, flag }: SendMessageInput): StoredMessage {
    const stored = this.put(topic, { queueId, properties: { ...properties }, storedBody: body, sysFlag, flag });
    this.onStored(stored);
    return stored;
  }

  /** The group has taken everything up to this message. */
  consume({ topic, queueId, queueOffset }: StoredMessage): void {
    this.committed.set(`${topic} ${queueId}`, queueOffset + 1);
  }

  /** The group sends the message back: it waits for its first retry, as `%RETRY%group` if told. */
  failAgain({ properties, storedAt }: StoredMessage, retryTopic: string): void {
    this.put('SCHEDULE_TOPIC_XXXX', {
      queueId: 2,
      reconsumeTimes: 1,
      storedAt,
      properties: { ...properties, REAL_TOPIC: retryTopic },
    });
  }
}
