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
