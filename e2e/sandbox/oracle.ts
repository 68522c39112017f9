import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { type JavaHome, runJava } from './java';

/** A message as the Java client sees it. */
export interface OracleMessage {
  topic: string;
  uniqKey: string;
  offsetMsgId: string;
  keys: string | null;
  tags: string | null;
  broker: string;
  queueId: number;
  offset: number;
  reconsumeTimes: number;
  storeTimestamp: number;
  bornTimestamp: number;
  properties: Record<string, string>;
  bodyBase64: string;
}

export interface NewMessage {
  keys?: string;
  tags?: string;
  body?: string;
  bodyBase64?: string;
  properties?: Record<string, string>;
  delayLevel?: number;
  delayMs?: number;
  /** With `queueId`: exactly that queue. */
  broker?: string;
  queueId?: number;
}

export interface SentMessage {
  uniqKey: string;
  offsetMsgId: string;
  keys: string | null;
  status: 'SEND_OK' | 'FLUSH_DISK_TIMEOUT' | 'FLUSH_SLAVE_TIMEOUT' | 'SLAVE_NOT_AVAILABLE';
  broker: string;
  queueId: number;
  offset: number;
}

export type ConsumerMode = 'success' | 'fail' | 'throw' | 'block';

export interface ConsumerOptions {
  group: string;
  topic: string;
  mode: ConsumerMode;
  tags?: string;
  /** Retries before the dead-letter queue; 16 if left out. */
  maxReconsumeTimes?: number;
  traced?: boolean;
  orderly?: boolean;
  broadcast?: boolean;
  /** What a message with the tag `slow` takes. */
  slowMs?: number;
  /** A second member of the same group is member 2. */
  member?: number;
}

interface QueueId {
  topic: string;
  broker: string;
  queueId: number;
}

/** The real Java client, one long-lived process. Every method throws with what the client threw. */
export interface Oracle {
  /** On every master, and known to every NameServer. */
  createTopic(
    topic: string,
    options?: { type?: 'NORMAL' | 'FIFO' | 'DELAY' | 'TRANSACTION'; queues?: number },
  ): Promise<void>;
  /** With its `%RETRY%` topic. The last two are for gRPC: attempts after the first, and how long each waits. */
  createGroup(
    group: string,
    options?: { orderly?: boolean; retryMaxTimes?: number; retryAfterMs?: number },
  ): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  /** Broker names that have its configuration, NameServer addresses that have its route. */
  topicExists(topic: string): Promise<{ brokers: string[]; nameServers: string[] }>;
  brokerConfig(broker: string): Promise<Record<string, string>>;
  setBrokerConfig(broker: string, key: string, value: string): Promise<void>;
  /** Within some 20 s: files of the commit log older than `fileReservedTime`, but the last. */
  deleteExpiredCommitLog(broker: string): Promise<boolean>;

  send(
    topic: string,
    messages: NewMessage[],
    options?: { traced?: boolean; producerGroup?: string },
  ): Promise<SentMessage[]>;

  /** Answers the client id. */
  startConsumer(options: ConsumerOptions): Promise<string>;
  setMode(group: string, mode: ConsumerMode, member?: number): Promise<void>;
  /** A clean shutdown, which commits offsets. */
  stopConsumer(group: string, member?: number): Promise<void>;
  /** Every delivery to listeners of this group so far, retries included. */
  received(group: string): Promise<(OracleMessage & { at: number; mode: ConsumerMode; member: number })[]>;
  forgetReceived(group: string): Promise<void>;
  /** Waits until the group has committed `count` messages of the topic: a client that is stopped before may lose some. */
  untilCommitted(group: string, topic: string, count: number): Promise<void>;
  /** Lets a failing consumer of the group run until all it reads are `count` dead letters, then stops it. */
  consumeFailing(options: Omit<ConsumerOptions, 'mode'> & { count: number; mode?: 'fail' | 'throw' }): Promise<void>;

  topicStats(
    topic: string,
  ): Promise<(QueueId & { minOffset: number; maxOffset: number; lastUpdateTimestamp: number })[]>;
  consumeStats(
    group: string,
    topic?: string,
  ): Promise<(QueueId & { brokerOffset: number; consumerOffset: number; lastTimestamp: number })[]>;
  /** `broker/queueId` → committed offset. */
  offsets(group: string, topic: string): Promise<Record<string, number>>;
  setOffset(offset: { group: string; topic: string; broker: string; queueId: number; offset: number }): Promise<void>;
  dlqCount(group: string): Promise<number>;
  searchOffset(queue: { topic: string; broker: string; queueId: number }, timestamp: number): Promise<number>;
  viewMessage(topic: string, id: string): Promise<OracleMessage>;
  messageTrack(topic: string, id: string): Promise<{ group: string; type: string; error: string | null }[]>;
  /** Raw trace records of a message key or unique key; they may be up to 6 s late. */
  trace(key: string): Promise<string[]>;
  /** Every message of a topic; touches no group's offsets. Empty when the topic does not exist. */
  readAll(topic: string): Promise<OracleMessage[]>;

  /** Asks again until the answer holds; the last answer is in the error. */
  until<T>(read: () => Promise<T>, holds: (answer: T) => boolean, timeoutMs?: number): Promise<T>;
  stop(): Promise<void>;
}

const ANSWER = 'ORACLE ';

export async function startOracle(home: JavaHome): Promise<Oracle> {
  const child = runJava(home, 'Oracle.java', [home.nameServers.join(';')], '128m');
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  const answerTo = (id: number) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  void exited.then(() => {
    for (const { reject } of waiting.values())
      reject(new Error(`The oracle has ended; see ${home.scratch}/oracle/stderr.log`));
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith(ANSWER)) return;
    const answer = JSON.parse(line.slice(ANSWER.length)) as {
      call: number;
      ok: boolean;
      result?: unknown;
      error?: string;
    };
    const waiter = waiting.get(answer.call);
    waiting.delete(answer.call);
    if (answer.ok) waiter?.resolve(answer.result);
    else waiter?.reject(new Error(answer.error));
  });
  await answerTo(0);

  const call = <T>(op: string, input: object): Promise<T> => {
    const id = ++lastId;
    const answer = answerTo(id) as Promise<T>;
    child.stdin.write(`${JSON.stringify({ ...input, call: id, op })}\n`);
    return answer;
  };
  const oracle: Oracle = {
    createTopic: (topic, options) => call('createTopic', { topic, ...options }),
    createGroup: (group, options) => call('createGroup', { group, ...options }),
    deleteTopic: (topic) => call('deleteTopic', { topic }),
    topicExists: (topic) => call('topicExists', { topic }),
    brokerConfig: (broker) => call('brokerConfig', { broker }),
    setBrokerConfig: (broker, key, value) => call('setBrokerConfig', { broker, key, value }),
    deleteExpiredCommitLog: (broker) => call('deleteExpiredCommitLog', { broker }),
    send: (topic, messages, options) => call('send', { topic, messages, ...options }),
    startConsumer: (options) => call('startConsumer', options),
    setMode: (group, mode, member) => call('setMode', { group, mode, member }),
    stopConsumer: (group, member) => call('stopConsumer', { group, member }),
    received: (group) => call('received', { group }),
    forgetReceived: (group) => call('forgetReceived', { group }),
    async untilCommitted(group, topic, count) {
      await oracle.until(
        () => oracle.offsets(group, topic),
        (offsets) => Object.values(offsets).reduce((sum, offset) => sum + offset, 0) === count,
      );
    },
    async consumeFailing({ count, mode = 'fail', ...options }) {
      await oracle.startConsumer({ ...options, mode });
      await oracle.until(
        () => oracle.dlqCount(options.group),
        (dead) => dead >= count,
        90_000,
      );
      // What it has not committed would come again to the next member, or be counted as due for ever.
      for (const topic of [options.topic, `%RETRY%${options.group}`])
        await oracle.until(
          () => oracle.consumeStats(options.group, topic),
          (rows) => rows.every((row) => row.consumerOffset === row.brokerOffset),
        );
      await oracle.stopConsumer(options.group, options.member);
    },
    topicStats: (topic) => call('topicStats', { topic }),
    consumeStats: (group, topic) => call('consumeStats', { group, topic }),
    async offsets(group, topic) {
      const rows = await oracle.consumeStats(group, topic);
      return Object.fromEntries(rows.map((row) => [`${row.broker}/${row.queueId}`, row.consumerOffset]));
    },
    setOffset: (offset) => call('setOffset', offset),
    dlqCount: (group) => call('dlqCount', { group }),
    searchOffset: (queue, timestamp) => call('searchOffset', { ...queue, timestamp }),
    viewMessage: (topic, id) => call('viewMessage', { topic, id }),
    messageTrack: (topic, id) => call('messageTrack', { topic, id }),
    trace: (key) => call('trace', { key }),
    readAll: (topic) => call('readAll', { topic }),
    async until(read, holds, timeoutMs = 60_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const answer = await read();
        if (holds(answer)) return answer;
        if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms; last: ${JSON.stringify(answer)}`);
        await delay(100);
      }
    },
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
  return oracle;
}
