import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import { FakeCluster } from '../messages/fake-cluster.fixture';
import type { Snapshot } from '../snapshot/snapshot';
import { findTrace } from './find';

const dir = mkdtempSync(path.join(tmpdir(), 'trace-'));
let store: Store;
let fake: FakeCluster;
beforeAll(async () => {
  store = await openStore({ dir });
});
afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  fake = new FakeCluster({ a: '10.0.0.1:10911', b: '10.0.0.2:10911' });
});

const TRACE = 'RMQ_SYS_TRACE_TOPIC';
const topic = (name: string, type: string) => ({ name, type, config: [], queues: [], partial: 'broker_silent' });
const snapshot = (...business: string[]) =>
  ({
    brokers: [],
    groups: new Map(),
    facts: new Map(),
    topics: new Map(
      [...business.map((name) => topic(name, 'NORMAL')), topic(TRACE, 'SYSTEM')].map((each) => [each.name, each]),
    ),
  }) as unknown as Snapshot;
const NOW = 1_000_000;
const find = (id: string, uniqKey?: string) =>
  findTrace(
    fake.ctx(store, snapshot('orders', 'payments'), () => NOW),
    { id, uniqKey },
  );

const ID = '0A04030B1F9018B4AAC25D8C4E7100F2';
const send = (uniqKey = ID, part: object = {}, keys = 'ORD-1') =>
  fake.store('a', {
    topic: 'orders',
    storedAt: 1000,
    properties: { UNIQ_KEY: uniqKey, KEYS: keys, TAGS: 'PAID' },
    ...part,
  });
const traced = (body: string, keys: string) =>
  fake.store('b', { topic: TRACE, storedAt: 2000, storedBody: Buffer.from(body), properties: { KEYS: keys } });
const row = (...fields: (string | number)[]) => `${fields.join('\u0001')}\u0002`;

describe('a trace', () => {
  it('of a message id needs no topic and no trace', async () => {
    send();
    send('other');
    fake.subscribers.set('orders', ['billing', 'mail', 'TOOLS_CONSUMER']);
    fake.committed.set('billing orders a', 5);
    fake.committed.set('mail orders a', 0);
    const reply = await find(ID.toLowerCase());
    expect(reply).toMatchObject({ kind: 'uniq_key', found: true, uniqKey: ID, topic: 'orders', tag: 'PAID' });
    expect(reply.produced).toMatchObject({ at: 1000, source: 'stored' });
    expect(reply.groups.map(({ group, state, note }) => [group, state, note?.key])).toEqual([
      ['billing', 'passed', 'passed_untraced'],
      ['mail', 'offline', 'next'],
    ]);
    expect(reply.missing).toContainEqual({ key: 'no_trace', params: {} });
  });

  it('shows attempts from traces, completed from what brokers stored', async () => {
    send();
    fake.subscribers.set('orders', ['billing']);
    fake.committed.set('billing orders a', 5);
    const before = (retry: number, at: number) =>
      row('SubBefore', at, 'R', 'billing', `req${retry}`, ID, retry, 'ORD-1');
    traced(
      row('Pub', 990, 'R', 'shop', 'orders', ID, 'PAID', 'ORD-1', '10.0.0.1:10911', 2, 4, 0, 'x', 'true') +
        before(0, 1010) +
        row('SubAfter', 'req0', ID, 12, 'false', 'ORD-1', 2, 1022, 'billing'),
      `${ID} ORD-1`,
    );
    const retry = { UNIQ_KEY: ID, RETRY_TOPIC: 'orders', REAL_TOPIC: '%RETRY%billing' };
    for (const n of [1, 2])
      fake.store('a', {
        topic: 'SCHEDULE_TOPIC_XXXX',
        queueId: 1 + n,
        storedAt: 1022 + n * 5000,
        reconsumeTimes: n,
        properties: retry,
      });
    fake.store('a', { topic: '%DLQ%billing', storedAt: 20_000, reconsumeTimes: 3, properties: retry });
    fake.delivered.set('a', [
      { level: 3, deliveredOffset: 1 },
      { level: 4, deliveredOffset: 1 },
    ]);
    const [group] = (await find('ORD-1')).groups;
    expect(group).toMatchObject({ state: 'dead', dead: { at: 20_000, attempts: 3 } });
    expect(group?.attempts.map(({ attempt, result, source, next }) => [attempt, result, source, next.kind])).toEqual([
      [1, 'exception', 'trace', 'retry'],
      [2, 'failed', 'stored', 'retry'],
      [3, 'failed', 'stored', 'dead'],
    ]);
  });

  it('says what waits only of stages that were not delivered', async () => {
    send();
    const properties = { UNIQ_KEY: ID, RETRY_TOPIC: 'orders', REAL_TOPIC: '%RETRY%billing' };
    fake.store('a', { topic: 'SCHEDULE_TOPIC_XXXX', queueId: 2, storedAt: 2000, reconsumeTimes: 1, properties });
    fake.store('a', { topic: '%RETRY%billing', storedAt: 3000, reconsumeTimes: 1, properties });
    fake.store('a', { topic: 'SCHEDULE_TOPIC_XXXX', queueId: 3, storedAt: 3100, reconsumeTimes: 2, properties });
    fake.subscribers.set('orders', ['billing']);
    fake.delivered.set('a', [
      { level: 3, deliveredOffset: 1 },
      { level: 4, deliveredOffset: 0 },
    ]);
    fake.committed.set('billing %RETRY%billing a', 1);
    expect((await find(ID)).groups[0]).toMatchObject({
      state: 'waiting_retry',
      dueAt: 13_100,
      note: { params: { attempt: 3 } },
    });
  });

  it('of a key that several messages carry lists them until one is picked', async () => {
    send('U1');
    fake.store('b', { topic: 'payments', storedAt: 5000, properties: { UNIQ_KEY: 'U2', KEYS: 'ORD-1' } });
    const reply = await find('ORD-1');
    expect(reply).toMatchObject({ found: true, uniqKey: null, stored: [], groups: [] });
    expect(reply.candidates.map(({ uniqKey, topic: name }) => [uniqKey, name])).toEqual([
      ['U2', 'payments'],
      ['U1', 'orders'],
    ]);
    expect(await find('ORD-1', 'U1')).toMatchObject({ uniqKey: 'U1', topic: 'orders', stored: [{ broker: 'a' }] });
  });

  it('of an offset id asks brokers by name and compares the id, never its address', async () => {
    // 93.184.216.34:10911, position 1000: nobody's address here.
    const foreign = '5DB8D82200002A9F00000000000003E8';
    send(ID, { physicalOffset: 1000, offsetMessageId: '0A00000100002A9F00000000000003E8' });
    expect(await find(foreign)).toMatchObject({ kind: 'offset_id', found: false });
    expect(new Set(fake.calls.map(({ broker }) => broker))).toEqual(new Set(['a', 'b']));
    fake.calls.length = 0;
    expect(await find('0a00000100002a9f00000000000003e8')).toMatchObject({ found: true, uniqKey: ID });
    expect(fake.calls.filter(({ request }) => request === 'VIEW_MESSAGE_BY_ID').map(({ broker }) => broker)).toEqual([
      'a',
    ]);
  });

  it('of nothing is an answer: what was asked, and that it proves nothing', async () => {
    const reply = await find('nope');
    expect(reply).toMatchObject({ found: false, kind: 'key', candidates: [], asked: { topics: 4 } });
    expect(reply.missing).toEqual([{ key: 'absence_unproven', params: {} }]);
  });

  it('with a silent broker says so and shows the rest', async () => {
    send();
    fake.silent.add('b');
    const reply = await find(ID);
    expect(reply.found).toBe(true);
    expect(reply.failures).toMatchObject([{ broker: 'b' }]);
    expect(reply.missing).toContainEqual({ key: 'broker_silent', params: { broker: 'b' } });
  });

  it('on its way to its topic says that it is not published', async () => {
    const properties = { UNIQ_KEY: ID, REAL_TOPIC: 'orders' };
    fake.store('a', { topic: 'SCHEDULE_TOPIC_XXXX', queueId: 3, storedAt: 2000, properties });
    fake.subscribers.set('orders', ['billing']);
    const reply = await find(ID);
    expect(reply).toMatchObject({
      found: true,
      topic: 'orders',
      groups: [{ state: 'not_yet', note: { key: 'not_published' } }],
    });
    expect(reply.missing.map(({ key }) => key)).toContain('not_published');
  });

  it('links the copies our jobs made', async () => {
    send();
    fake.store('a', {
      topic: '%DLQ%billing',
      storedAt: 2000,
      reconsumeTimes: 3,
      properties: { UNIQ_KEY: ID, RETRY_TOPIC: 'orders' },
    });
    fake.store('a', {
      topic: '%RETRY%billing',
      storedAt: 3000,
      properties: { UNIQ_KEY: ID, RETRY_TOPIC: 'orders', RDX_OP: 'JOB7' },
    });
    fake.subscribers.set('orders', ['billing']);
    fake.committed.set('billing %RETRY%billing a', 1);
    const reply = await find(ID);
    expect(reply.stored.map(({ topic: name, jobId }) => [name, jobId])).toEqual([
      ['orders', null],
      ['%DLQ%billing', null],
      ['%RETRY%billing', 'JOB7'],
    ]);
    expect(reply.groups[0]).toMatchObject({
      state: 'passed',
      note: { key: 'passed_after_redrive', params: { jobId: 'JOB7' } },
    });
  });
});

it('C34 asks no topic whose keys are hidden for a key: neither finding nor the number of questions tells of one', async () => {
  send();
  const hidden = '5d41402abc4b2a76b9719d911017c592';
  send('0A04030B1F9018B4AAC25D8C4E7100F9', {}, hidden);
  const rule = { name: 'people', clusters: ['*'], topics: ['orders'], hide: ['keys'] };
  const ask = async (id: string) => {
    const ctx = fake.ctx(store, snapshot('orders', 'payments'), () => NOW);
    const { found, asked, missing } = await findTrace(
      { ...ctx, actor: actorOf('operator'), maskRules: [rule] },
      { id },
    );
    return { found, topics: asked.topics, requests: asked.requests, missing: missing.map(({ key }) => key) };
  };
  const none = await ask('ORD-2');
  expect(none).toMatchObject({ found: false, missing: ['keys_masked', 'topics_not_asked', 'absence_unproven'] });
  expect(await ask('ORD-1')).toEqual(none);
  expect(await ask(hidden)).toEqual(await ask(hidden.replace('5', '6')));
  expect((await ask(ID)).found).toBe(true);
});
