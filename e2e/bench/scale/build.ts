import { ask, waitUntil } from '../../sandbox/probe';
import type { Sandbox } from '../../sandbox/sandbox';
import { committedOffset, type Plan } from './plan';
import { sendBatch, sendOne } from './send';
import { replay, type WireRequest } from './wire';

const UPDATE_CONSUMER_OFFSET = 15;
const UPDATE_AND_CREATE_TOPIC_LIST = 18;
const GET_BROKER_RUNTIME_INFO = 28;
const UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST = 225;

const ITEMS_PER_REQUEST = 400;
/** Building is no benchmark: it leaves the machine to others. */
const IN_FLIGHT = 8;

/** Fills an empty cluster through the requests that clients and administrators send. Broker after broker, with progress. */
export async function buildCluster(sandbox: Sandbox, plan: Plan, say: (line: string) => void): Promise<void> {
  for (const broker of sandbox.brokers) {
    await send('topics', topicRequests(plan));
    await send('groups', groupRequests(plan));
    await send('messages', messageRequests(plan, broker.name));
    await send('offsets', offsetRequests(plan));
    await waitUntil(
      broker.name,
      () => isDispatched(broker.address),
      () => undefined,
    );

    async function send(what: string, requests: WireRequest[]): Promise<void> {
      const startedAt = Date.now();
      await replay(broker.address, requests, {
        inFlight: IN_FLIGHT,
        check: true,
        onProgress: (done) => {
          if (done % 10_000 === 0) say(`${broker.name}: ${what} ${done} of ${requests.length}`);
        },
      });
      say(`${broker.name}: ${what}, ${requests.length} requests, ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    }
  }
}

const retryTopic = (group: string) => `%RETRY%${group}`;
const deadTopic = (group: string) => `%DLQ%${group}`;

/** As UPDATE_AND_CREATE_TOPIC_LIST takes it. */
export const topicConfig = (topicName: string, queues: number) => ({
  topicName,
  readQueueNums: queues,
  writeQueueNums: queues,
  perm: 6,
  order: false,
  topicFilterType: 'SINGLE_TAG',
  topicSysFlag: 0,
  attributes: {},
});

function topicRequests({ topics, groups }: Plan): WireRequest[] {
  const list = [
    ...topics.map(({ name, queues }) => topicConfig(name, queues)),
    ...groups.map(({ name }) => topicConfig(retryTopic(name), 1)),
    ...groups.filter(({ dead }) => dead > 0).map(({ name }) => topicConfig(deadTopic(name), 1)),
  ];
  return chunked(list).map((topicConfigList) => ({
    code: UPDATE_AND_CREATE_TOPIC_LIST,
    body: Buffer.from(JSON.stringify({ topicConfigList })),
  }));
}

function groupRequests({ groups }: Plan): WireRequest[] {
  const list = groups.map(({ name }) => ({
    groupName: name,
    consumeEnable: true,
    retryMaxTimes: 16,
    retryQueueNums: 1,
  }));
  return chunked(list).map((groupConfigList) => ({
    code: UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST,
    body: Buffer.from(JSON.stringify({ groupConfigList })),
  }));
}

function messageRequests({ topics, groups }: Plan, broker: string): WireRequest[] {
  const requests: WireRequest[] = [];
  for (const { name, queues, messages } of topics)
    for (let queueId = 0; queueId < queues; queueId++) requests.push(batchOf(name, queueId, messages, broker));
  // Retry topics take no batches.
  const single = (topic: string, number: number) => requests.push(messageOf(topic, 0, number, broker));
  for (const { name, retries, dead } of groups) {
    for (let number = 0; number < retries; number++) single(retryTopic(name), number);
    for (let number = 0; number < dead; number++) single(deadTopic(name), number);
  }
  return requests;
}

function offsetRequests({ topics, groups }: Plan): WireRequest[] {
  const topicOf = new Map(topics.map((topic) => [topic.name, topic]));
  const requests: WireRequest[] = [];
  const add = (consumerGroup: string, topic: string, queueId: number, offset: number) =>
    requests.push({
      code: UPDATE_CONSUMER_OFFSET,
      fields: { consumerGroup, topic, queueId: String(queueId), commitOffset: String(offset) },
    });
  for (const group of groups) {
    for (const name of group.topics) {
      const { queues, messages } = topicOf.get(name) ?? { queues: 0, messages: 0 };
      for (let queueId = 0; queueId < queues; queueId++)
        add(group.name, name, queueId, committedOffset(group, messages, queueId));
    }
    add(group.name, retryTopic(group.name), 0, 0);
  }
  return requests;
}

/** So many messages to one queue. */
export function batchOf(topic: string, queueId: number, count: number, broker: string): WireRequest {
  const parts = Array.from({ length: count }, (_, number) => ({
    body: bodyOf(topic, queueId, number),
    properties: Buffer.from(`KEYS\u0001${topic}-${queueId}-${number}`),
  }));
  return sendBatch({ topic, queueId, broker }, parts);
}

const messageOf = (topic: string, queueId: number, number: number, broker: string): WireRequest =>
  sendOne({ topic, queueId, broker }, bodyOf(topic, queueId, number));

const bodyOf = (topic: string, queueId: number, number: number): Buffer =>
  Buffer.from(JSON.stringify({ topic, queueId, number }));

export async function isDispatched(address: string): Promise<boolean> {
  const info = await ask(address, GET_BROKER_RUNTIME_INFO).catch(() => undefined);
  return info?.body.includes('"dispatchBehindBytes":"0"') ?? false;
}

function chunked<T>(items: readonly T[]): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < items.length; at += ITEMS_PER_REQUEST) chunks.push(items.slice(at, at + ITEMS_PER_REQUEST));
  return chunks;
}
