import { waitUntil } from '../../sandbox/probe';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { isDispatched, topicConfig } from '../scale/build';
import { sendBatch } from '../scale/send';
import { replay, type WireRequest } from '../scale/wire';
import {
  DEAD_TOPIC,
  GROUP,
  LETTERS,
  letterOf,
  lettersOn,
  ORIGINS,
  OTHER_GROUPS,
  OTHER_LETTERS,
  RETRY_TOPIC,
} from './letter';

const UPDATE_AND_CREATE_TOPIC_LIST = 18;
const UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST = 225;

const SETTINGS = {
  mappedFileSizeCommitLog: '134217728',
  mappedFileSizeConsumeQueue: '6000000',
  timerWheelEnable: 'false',
  traceTopicEnable: 'false',
  // A broker that shares its cores may take longer than the 200 ms after which it refuses a message.
  waitTimeMillsInSendQueue: '60000',
};
const PER_BATCH = 40;
const BATCHES = 400;
const IN_FLIGHT = 8;
/** Deliveries of a letter before it died: 16 retries and the first. */
const RECONSUME_TIMES = 17;

/** Two masters that hold the letters of one group, in the one queue that each gives a dead-letter topic. */
export async function startMillionCluster(say: (line: string) => void): Promise<Sandbox> {
  const sandbox = await startSandbox({ topology: 'demo', settings: SETTINGS });
  const startedAt = Date.now();
  try {
    await Promise.all(sandbox.brokers.map((_, index) => fill(sandbox, index, say)));
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
  say(
    `${LETTERS} dead letters on ${sandbox.brokers.length} masters, ${((Date.now() - startedAt) / 1000).toFixed(0)} s`,
  );
  return sandbox;
}

async function fill({ brokers }: Sandbox, index: number, say: (line: string) => void): Promise<void> {
  const { name, address } = brokers[index] as Sandbox['brokers'][number];
  await replay(address, [topics(), groups()], { inFlight: 1, check: true });
  const ofBroker = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => (from + n) * brokers.length + index);
  const others = OTHER_GROUPS.flatMap((group) =>
    Array.from({ length: OTHER_LETTERS / PER_BATCH }, (_, batch) =>
      batchOf(name, deadTopicOf(group), ofBroker(batch * PER_BATCH, PER_BATCH)),
    ),
  );
  await replay(address, others, { inFlight: IN_FLIGHT, check: true });
  const count = lettersOn(index, brokers.length);
  for (let from = 0; from < count; from += PER_BATCH * BATCHES) {
    const requests: WireRequest[] = [];
    for (let at = from; at < Math.min(count, from + PER_BATCH * BATCHES); at += PER_BATCH)
      requests.push(batchOf(name, DEAD_TOPIC, ofBroker(at, Math.min(PER_BATCH, count - at))));
    await replay(address, requests, { inFlight: IN_FLIGHT, check: true });
    if ((from / PER_BATCH / BATCHES) % 8 === 7) say(`${name}: ${from} of ${count} letters`);
  }
  await waitUntil(
    name,
    () => isDispatched(address),
    () => undefined,
  );
}

function topics(): WireRequest {
  const topicConfigList = [
    ...ORIGINS.map((topic) => topicConfig(topic, 4)),
    topicConfig(RETRY_TOPIC, 1),
    topicConfig(DEAD_TOPIC, 1),
    ...OTHER_GROUPS.map((group) => topicConfig(deadTopicOf(group), 1)),
  ];
  return { code: UPDATE_AND_CREATE_TOPIC_LIST, body: Buffer.from(JSON.stringify({ topicConfigList })) };
}

function groups(): WireRequest {
  const groupConfigList = [GROUP, ...OTHER_GROUPS].map((groupName) => ({
    groupName,
    consumeEnable: true,
    retryMaxTimes: 16,
    retryQueueNums: 1,
  }));
  return {
    code: UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST,
    body: Buffer.from(JSON.stringify({ groupConfigList })),
  };
}

const deadTopicOf = (group: string): string => `%DLQ%${group}`;

const batchOf = (broker: string, topic: string, numbers: readonly number[]): WireRequest =>
  sendBatch({ topic, queueId: 0, broker }, numbers.map(letterOf), RECONSUME_TIMES);
