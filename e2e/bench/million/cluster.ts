import { waitUntil } from '../../sandbox/probe';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { isDispatched } from '../scale/build';
import { replay, type WireRequest } from '../scale/wire';
import { DEAD_TOPIC, GROUP, LETTERS, letterOf, ORIGINS, RETRY_TOPIC } from './letter';

const UPDATE_AND_CREATE_TOPIC_LIST = 18;
const UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST = 225;
const SEND_MESSAGE_V2 = 310;

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

/** Of the letters of all, a broker has every second. */
export const lettersOn = (index: number, brokers: number): number => Math.ceil((LETTERS - index) / brokers);

async function fill({ brokers }: Sandbox, index: number, say: (line: string) => void): Promise<void> {
  const { name, address } = brokers[index] as Sandbox['brokers'][number];
  await replay(address, [topics(), groups()], { inFlight: 1, check: true });
  const count = lettersOn(index, brokers.length);
  for (let from = 0; from < count; from += PER_BATCH * BATCHES) {
    const requests: WireRequest[] = [];
    for (let at = from; at < Math.min(count, from + PER_BATCH * BATCHES); at += PER_BATCH) {
      const numbers = Array.from(
        { length: Math.min(PER_BATCH, count - at) },
        (_, n) => (at + n) * brokers.length + index,
      );
      requests.push(batchOf(name, numbers));
    }
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
  const config = (topicName: string, queues: number) => ({
    topicName,
    readQueueNums: queues,
    writeQueueNums: queues,
    perm: 6,
    order: false,
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: 0,
    attributes: {},
  });
  const topicConfigList = [
    ...ORIGINS.map((topic) => config(topic, 4)),
    config(RETRY_TOPIC, 1),
    config(DEAD_TOPIC, 1),
    // Whose page loads what all pages of dead letters need, before one is measured.
    config('%DLQ%quiet', 1),
  ];
  return { code: UPDATE_AND_CREATE_TOPIC_LIST, body: Buffer.from(JSON.stringify({ topicConfigList })) };
}

function groups(): WireRequest {
  const groupConfigList = [GROUP, 'quiet'].map((groupName) => ({
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

/** The broker stores the messages of a batch as independent ones. */
function batchOf(broker: string, numbers: readonly number[]): WireRequest {
  const messages = numbers.map((n) => {
    const { body, properties } = letterOf(n);
    const message = Buffer.alloc(22 + body.length + properties.length);
    message.writeInt32BE(message.length, 0);
    message.writeInt32BE(body.length, 16);
    body.copy(message, 20);
    message.writeInt16BE(properties.length, 20 + body.length);
    properties.copy(message, 22 + body.length);
    return message;
  });
  const fields = {
    a: 'million',
    b: DEAD_TOPIC,
    c: 'TBW102',
    d: '1',
    e: '0',
    f: '0',
    g: String(Date.now()),
    h: '0',
    i: '',
    j: String(RECONSUME_TIMES),
    k: 'false',
    m: 'true',
    n: broker,
  };
  return { code: SEND_MESSAGE_V2, fields, body: Buffer.concat(messages) };
}
