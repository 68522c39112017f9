import { describe, expect, test } from 'vitest';
import type { ConsumerRunningInfo } from '@/lib/rocketmq/requests/get-consumer-running-info';
import { type FakeBroker, fakeCluster } from '../snapshot/fake-cluster.fixture';
import { takeSnapshot } from '../snapshot/take';
import { readMembers } from './members';

const running: Partial<ConsumerRunningInfo> = {
  properties: {
    PROP_CLIENT_VERSION: 'V5_5_0',
    PROP_CONSUME_TYPE: 'CONSUME_PASSIVELY',
    PROP_CONSUMEORDERLY: 'true',
    PROP_CONSUMER_START_TIMESTAMP: '1700000000000',
    PROP_THREADPOOL_CORE_SIZE: '20',
    consumeThreadMin: '2',
    consumeThreadMax: '8',
    pullThresholdForQueue: '64',
  },
  subscriptions: [
    {
      topic: 'orders',
      subString: 'PAID',
      expressionType: 'TAG',
      tags: ['PAID'],
      subVersion: 1,
      classFilterMode: false,
    },
  ],
  topics: [
    {
      topic: 'orders',
      pullRtMs: 1,
      pullTps: 1,
      consumeRtMs: 12.5,
      consumeOkTps: 3,
      consumeFailedTps: 1,
      consumeFailedMsgs: 4,
    },
    {
      topic: '%RETRY%billing',
      pullRtMs: 1,
      pullTps: 1,
      consumeRtMs: 900,
      consumeOkTps: 0,
      consumeFailedTps: 0.5,
      consumeFailedMsgs: 4,
    },
  ],
};

async function members(...brokers: Partial<FakeBroker>[]) {
  const base: FakeBroker = {
    topics: { orders: [[0, 10]] },
    groups: ['billing'],
    offsets: { 'orders@billing': { 0: 8 } },
    clients: { billing: ['client-1'] },
  };
  const entries = brokers.map((more, index) => [String.fromCharCode(97 + index), { ...base, ...more }] as const);
  const cluster = fakeCluster(Object.fromEntries(entries));
  const snapshot = await takeSnapshot(cluster.ctx, null);
  cluster.show(snapshot);
  cluster.sent.length = 0;
  return { ...cluster, snapshot, read: () => readMembers(cluster.ctx, snapshot, 'billing') };
}

describe('a member', () => {
  test('says how it reads, how fast, and from which subscription', async () => {
    const { read } = await members({
      holds: { 'client-1': [{ topic: 'orders', brokerName: 'a', queueId: 0 }] },
      running: { 'client-1': running },
    });
    expect((await read()).members).toMatchObject([
      {
        version: 'V5_5_0',
        status: 'UNKNOWN',
        notRead: null,
        running: {
          startedAt: 1_700_000_000_000,
          consumeType: 'push',
          orderly: true,
          threadsMin: 2,
          threadsMax: 8,
          cacheLimit: 64,
          okPerS: 3,
          failedPerS: 1.5,
          // Retries are slow for reasons of their own.
          consumeMs: 12.5,
          subscriptions: [{ topic: 'orders', expression: 'PAID', type: 'TAG' }],
        },
      },
    ]);
  });
  test('of an SDK that tells little is not told as zero', async () => {
    const { read } = await members({ holds: { 'client-1': [] } });
    expect((await read()).members[0]?.running).toMatchObject({
      startedAt: null,
      threadsMax: null,
      okPerS: null,
      failedPerS: null,
      consumeMs: null,
      orderly: null,
    });
  });
  test('is asked by way of another broker when the first one fails', async () => {
    const { read } = await members({}, { holds: { 'client-1': [] }, running: { 'client-1': running } });
    expect((await read()).members).toMatchObject([{ brokers: ['a', 'b'], notRead: null, running: { threadsMax: 8 } }]);
  });
  test('that does not answer says why', async () => {
    const { read } = await members({});
    expect((await read()).members).toMatchObject([{ queues: null, running: null, notRead: '207' }]);
  });
});

test('many viewers cost what one costs', async () => {
  const { read, sent, clock } = await members({ holds: { 'client-1': [] } });
  await Promise.all([read(), read(), read()]);
  expect(sent).toEqual(['GET_CONSUMER_CONNECTION_LIST', 'GET_CONSUMER_RUNNING_INFO']);
  clock.now += 1000;
  await read();
  expect(sent).toHaveLength(4);
});
