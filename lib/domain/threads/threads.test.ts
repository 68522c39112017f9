import { describe, expect, test } from 'vitest';
import { fakeCluster } from '../snapshot/fake-cluster.fixture';
import { takeSnapshot } from '../snapshot/take';
import { getMemberThreads } from './get';
import { parseStacks } from './parse';
import { summariseThreads } from './summarise';

/** As `UtilAll.jstack` of the Java client writes it. */
const dump = (...threads: [name: string, state: string, ...frames: string[]][]) =>
  threads
    .map(([name, state, ...frames]) =>
      [`${name.padEnd(40)}TID: 31 STATE: ${state}`, ...frames.map((frame) => name.padEnd(40) + frame), '', ''].join(
        '\n',
      ),
    )
    .join('');

const PARKED = [
  'java.base@17.0.9/jdk.internal.misc.Unsafe.park(Native Method)',
  'java.base@17.0.9/java.util.concurrent.CountDownLatch.await(CountDownLatch.java:230)',
  'Workload.lambda$startConsumers$5(Workload.java:222)',
  'org.apache.rocketmq.client.impl.consumer.ConsumeMessageConcurrentlyService$ConsumeRequest.run(ConsumeMessageConcurrentlyService.java:400)',
  'java.base@17.0.9/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1136)',
];
const IDLE = [
  'java.base@17.0.9/jdk.internal.misc.Unsafe.park(Native Method)',
  'java.base@17.0.9/java.util.concurrent.LinkedBlockingQueue.take(LinkedBlockingQueue.java:435)',
  'java.base@17.0.9/java.util.concurrent.ThreadPoolExecutor.getTask(ThreadPoolExecutor.java:1062)',
];
const READING = [
  'sun.nio.ch.SocketDispatcher.read0(Native Method)',
  'acme.Client.call(Client.java:8)',
  PARKED[3] ?? '',
];

const OF_A_CLIENT = dump(
  ['ConsumeMessageThread_inventory-sync_1', 'WAITING', ...PARKED],
  ['ConsumeMessageThread_inventory-sync_2', 'WAITING', ...PARKED],
  ['ConsumeMessageThread_inventory-sync_3', 'WAITING', ...IDLE],
  ['ConsumeMessageThread_inventory-sync-2_1', 'RUNNABLE', 'acme.Other.run(Other.java:1)'],
  ['a thread with a very long name that is longer than forty characters', 'RUNNABLE', ...READING],
);

describe('threads of a client', () => {
  test('are told with their state and frames, whatever the length of their name', () => {
    const threads = parseStacks(OF_A_CLIENT);
    expect(threads.map(({ name, state, frames }) => [name, state, frames.length])).toEqual([
      ['ConsumeMessageThread_inventory-sync_1', 'WAITING', 5],
      ['ConsumeMessageThread_inventory-sync_2', 'WAITING', 5],
      ['ConsumeMessageThread_inventory-sync_3', 'WAITING', 3],
      ['ConsumeMessageThread_inventory-sync-2_1', 'RUNNABLE', 1],
      ['a thread with a very long name that is longer than forty characters', 'RUNNABLE', 3],
    ]);
    expect(threads[0]?.frames[2]).toBe('Workload.lambda$startConsumers$5(Workload.java:222)');
    expect(parseStacks('goroutine 1 [running]:\nmain.main()')).toEqual([]);
  });
  test('those that run the listener alike are one row, the idle ones come last', () => {
    const { consume, others, threads } = summariseThreads(parseStacks(OF_A_CLIENT), 'inventory-sync');
    expect(consume.map(({ kind, count, ownFrame }) => [kind, count, ownFrame])).toEqual([
      ['waiting', 2, 'Workload.lambda$startConsumers$5(Workload.java:222)'],
      ['idle', 1, null],
    ]);
    expect(others).toEqual([{ state: 'RUNNABLE', count: 2 }]);
    expect(threads).toBe(5);
  });
  test('a runnable one that reads from a socket waits for another machine', () => {
    const { consume } = summariseThreads(parseStacks(dump(['ConsumeMessageThread_7', 'RUNNABLE', ...READING])), 'g');
    expect(consume).toMatchObject([{ kind: 'io', ownFrame: 'acme.Client.call(Client.java:8)' }]);
  });
  test('the owner of a lock is named where the dump tells of locks', () => {
    const jvm = [
      '"ConsumeMessageThread_g_1" #31 prio=5 os_prio=0 tid=0x01 nid=0x02 waiting for monitor entry',
      '   java.lang.Thread.State: BLOCKED (on object monitor)',
      '\tat acme.Cache.put(Cache.java:10)',
      '\t- waiting to lock <0x000000071a> (a acme.Cache)',
      '\tat acme.Listener.consumeMessage(Listener.java:5)',
      '',
      '"refresher" #9 daemon',
      '   java.lang.Thread.State: RUNNABLE',
      '\tat acme.Cache.load(Cache.java:30)',
      '\t- locked <0x000000071a> (a acme.Cache)',
    ].join('\n');
    expect(summariseThreads(parseStacks(jvm), 'g').consume).toMatchObject([
      { kind: 'blocked', state: 'BLOCKED', lockOwner: 'refresher', ownFrame: 'acme.Cache.put(Cache.java:10)' },
    ]);
  });
});

describe('on request', () => {
  async function shop(running: object | undefined) {
    const cluster = fakeCluster({
      a: {
        topics: { orders: [[0, 10]] },
        groups: ['billing'],
        offsets: { 'orders@billing': { 0: 8 } },
        clients: { billing: ['client-1'] },
        ...(running && { holds: { 'client-1': [] }, running: { 'client-1': running } }),
      },
    });
    cluster.show(await takeSnapshot(cluster.ctx, null));
    return cluster.ctx;
  }
  test('the member is found on its broker and asked', async () => {
    const ctx = await shop({ jstack: dump(['ConsumeMessageThread_billing_1', 'WAITING', ...PARKED]) });
    expect(await getMemberThreads(ctx, { group: 'billing', clientId: 'client-1' })).toMatchObject({
      broker: 'a',
      consume: [{ kind: 'waiting', count: 1 }],
      isCut: false,
    });
  });
  test('a client that sends no stack has none, which is no failure', async () => {
    const ctx = await shop({});
    expect(await getMemberThreads(ctx, { group: 'billing', clientId: 'client-1' })).toMatchObject({
      raw: null,
      threads: 0,
    });
  });
  test('a client that does not answer, and one that is not there', async () => {
    const ctx = await shop(undefined);
    await expect(getMemberThreads(ctx, { group: 'billing', clientId: 'client-1' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      key: 'member_silent',
    });
    await expect(getMemberThreads(ctx, { group: 'billing', clientId: 'other' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      key: 'member_not_found',
    });
  });
});
