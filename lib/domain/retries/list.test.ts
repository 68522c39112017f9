import { describe, expect, it } from 'vitest';
import type { Store } from '@/lib/store/open';
import { FakeCluster } from '../messages/fake-cluster.fixture';
import { listRetries } from './list';

const store = {} as Store;
const cluster = () => {
  const made = new FakeCluster({ a: '10.0.0.1:10911' });
  made.groups.add('g');
  return made;
};
const wait = (fake: FakeCluster, level: number, retry: number, group: string, storedAt: number) =>
  fake.store('a', {
    topic: 'SCHEDULE_TOPIC_XXXX',
    queueId: level - 1,
    storedAt,
    reconsumeTimes: retry,
    properties: { REAL_TOPIC: `%RETRY%${group}`, RETRY_TOPIC: 'orders', UNIQ_KEY: `U${storedAt}` },
  });

describe('retries of a group', () => {
  it('are those not delivered yet, with the coming attempt and the broker’s due time', async () => {
    const fake = cluster();
    wait(fake, 3, 1, 'g', 1000);
    wait(fake, 3, 1, 'g', 2000);
    wait(fake, 3, 1, 'other', 2500);
    wait(fake, 4, 2, 'g', 1500);
    fake.delivered.set('a', [
      { level: 3, deliveredOffset: 1 },
      { level: 4, deliveredOffset: 0 },
    ]);
    const reply = await listRetries(fake.ctx(store), { group: 'g', limit: 10 });
    expect(reply.messages.map(({ where, attempt, dueAt }) => [where, attempt, dueAt])).toEqual([
      ['waiting', 3, 11_500],
      ['waiting', 2, 12_000],
    ]);
    expect(reply.totals).toEqual({ waiting: 2, due: 0 });
    expect(reply.rungs.slice(0, 3).map(({ retry, delayLevel, waiting }) => [retry, delayLevel, waiting])).toEqual([
      [1, 3, 1],
      [2, 4, 1],
      [3, 5, 0],
    ]);
    expect(reply.complete).toBe(true);
  });

  it('include those due and not taken, from the committed offset on', async () => {
    const fake = cluster();
    for (let n = 0; n < 12; n++)
      fake.store('a', {
        topic: '%RETRY%g',
        storedAt: 1000 + n,
        reconsumeTimes: 1,
        properties: { RETRY_TOPIC: 'orders' },
      });
    fake.committed.set('g %RETRY%g a', 9);
    const reply = await listRetries(fake.ctx(store), { group: 'g', limit: 2 });
    expect(reply.totals.due).toBe(3);
    expect(reply.messages.map(({ storedAt, where, dueAt }) => [storedAt, where, dueAt])).toEqual([
      [1009, 'due', null],
      [1010, 'due', null],
    ]);
  });

  it('are one per message: its next attempt hides those that are not committed yet', async () => {
    const fake = cluster();
    const due = (uniqKey: string, retry: number, topic = 'orders') =>
      fake.store('a', {
        topic: '%RETRY%g',
        storedAt: 900 + retry,
        reconsumeTimes: retry,
        properties: { RETRY_TOPIC: topic, UNIQ_KEY: uniqKey },
      });
    fake.delivered.set('a', [{ level: 5, deliveredOffset: 0 }]);
    wait(fake, 5, 3, 'g', 1000);
    wait(fake, 5, 3, 'g', 2000);
    // Attempts before the one that waits; the same again, delivered while the queues were read; a message of its own.
    due('U1000', 1);
    due('U1000', 2);
    due('U2000', 3);
    due('U3000', 1);
    // A key that an application took along to another topic, and one message that was sent back twice.
    due('U1000', 1, 'invoices');
    due('U3000', 1);
    const reply = await listRetries(fake.ctx(store), { group: 'g', limit: 10 });
    expect(
      reply.messages.map(({ uniqKey, where, attempt, originTopic }) => [uniqKey, where, attempt, originTopic]),
    ).toEqual([
      ['U3000', 'due', 2, 'orders'],
      ['U1000', 'due', 2, 'invoices'],
      ['U3000', 'due', 2, 'orders'],
      ['U2000', 'due', 4, 'orders'],
      ['U1000', 'waiting', 4, 'orders'],
    ]);
    expect(reply.totals).toEqual({ waiting: 1, due: 4 });
    expect(reply.groups).toMatchObject([{ waiting: 1, due: 4 }]);
    expect(reply.rungs.filter(({ waiting }) => waiting > 0)).toMatchObject([{ retry: 3, waiting: 1 }]);
  });

  it('without a unique key are all shown', async () => {
    const fake = cluster();
    for (const retry of [1, 2])
      fake.store('a', { topic: '%RETRY%g', reconsumeTimes: retry, properties: { RETRY_TOPIC: 'orders' } });
    const reply = await listRetries(fake.ctx(store), { group: 'g', limit: 10 });
    expect([reply.messages.length, reply.totals.due]).toEqual([2, 2]);
  });

  it.each(['%RETRY%g', 'SCHEDULE_TOPIC_XXXX'])('that cannot be decoded in %s are not hidden', async (topic) => {
    const fake = cluster();
    fake.delivered.set('a', [{ level: 3, deliveredOffset: 0 }]);
    wait(fake, 3, 1, 'g', 1000);
    fake.store('a', { topic: '%RETRY%g' });
    expect((await listRetries(fake.ctx(store), { group: 'g', limit: 2 })).complete).toBe(true);
    fake.damaged.set(`a ${topic}`, 1);
    expect((await listRetries(fake.ctx(store), { group: 'g', limit: 2 })).complete).toBe(false);
  });

  it('are asked for as nobody in particular: no group but the browse group, nothing written', async () => {
    const fake = cluster();
    await listRetries(fake.ctx(store), { group: 'g', limit: 2 });
    expect(fake.calls.every(({ request }) => /^(GET|QUERY|PULL)_/.test(request))).toBe(true);
  });

  it('of an unknown group are a 404 after one look-up', async () => {
    const fake = cluster();
    await expect(listRetries(fake.ctx(store), { group: 'x', limit: 2 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(fake.calls).toMatchObject([{ request: 'GET_ALL_SUBSCRIPTIONGROUP_CONFIG' }]);
  });
});
