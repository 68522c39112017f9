import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FailureRow } from '@/lib/contract/dead-letters';
import type { RunOnceResult } from '@/lib/contract/run-once';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { Operation } from '@/lib/store/operations';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { FakeBroker } from '../redrive/fake-broker.fixture';
import { RUN_ONCE_JOB } from './job';
import { listRuns } from './list-runs';
import { alikeOf } from './siblings';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

interface Client {
  clientId: string;
  language?: string;
  consumeType?: string;
  isOrderly?: boolean;
  isSilent?: boolean;
}
const THROWN = {
  consumeResult: 'CR_THROW_EXCEPTION',
  remark: 'java.lang.IllegalStateException: no stock, shop.Stock.take(Stock.java:41)',
  spentMs: 31,
  order: false,
  autoCommit: true,
};

let clusters = 0;
/** A letter whose first record is still there, and clients that answer what `listener` says. */
function scene(clients: Client[], listener: () => unknown = () => THROWN) {
  const broker = new FakeBroker().addTopic('orders');
  broker.groups.add('g');
  const first = broker.put('orders', { properties: { UNIQ_KEY: 'K0' } });
  const letter = broker.bury('g', 'K0', { ORIGIN_MESSAGE_ID: first.offsetMessageId, errorType: 'NoStock' });
  const call = broker.client.call;
  const frames: unknown[] = [];
  broker.client.call = async (request, input, target) => {
    const { clientId } = input ?? ({} as { clientId?: string });
    if (request.name === 'CONSUME_MESSAGE_DIRECTLY') {
      frames.push(input);
      return listener();
    }
    if (request.name === 'GET_CONSUMER_CONNECTION_LIST')
      return {
        connections: clients.map((client) => ({
          clientId: client.clientId,
          clientAddr: '10.0.0.7:50000',
          language: client.language ?? 'JAVA',
          version: 501,
        })),
        subscriptions: [],
      };
    if (request.name === 'GET_CONSUMER_RUNNING_INFO') {
      const client = clients.find((each) => each.clientId === clientId);
      if (client?.isSilent) throw new RocketMQError(207, 'timeout', request.name, 'broker-a');
      const properties = {
        PROP_CONSUME_TYPE: client?.consumeType ?? 'CONSUME_PASSIVELY',
        PROP_CONSUMEORDERLY: String(client?.isOrderly ?? false),
      };
      return { properties, subscriptions: [], queues: [], popQueues: [], topics: [], jstack: null };
    }
    return call(request, input, target);
  };
  clusters += 1;
  const snapshot = {
    version: clusters,
    groups: new Map([['g', { name: 'g', mode: 'CLUSTERING', queues: [] }]]),
    topics: new Map(),
    brokers: [{ name: 'broker-a', state: 'ok' }],
    facts: new Map([['broker-a', {}]]),
    failures: [],
  };
  const ctx = {
    cluster: `r${clusters}`,
    actor: actorOf('admin'),
    client: broker.client,
    store,
    snapshot: () => snapshot,
    log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    signal: new AbortController().signal,
    now: Date.now,
    deadlineAt: Number.MAX_SAFE_INTEGER,
    requestId: 'r',
  } as unknown as Ctx;
  const id = `broker-a:${letter.physicalOffset}`;
  const plan = (clientId?: string) =>
    RUN_ONCE_JOB.makePlan(ctx, { group: 'g', id, ...(clientId === undefined ? {} : { clientId }) });
  const start = async (clientId?: string) => {
    const { plan: made, frozen } = await plan(clientId);
    expect(made.refused).toBeNull();
    await RUN_ONCE_JOB.recheck?.(ctx, made, frozen);
    const input = RUN_ONCE_JOB.toInput(made, frozen);
    return (await RUN_ONCE_JOB.mutation.start(ctx, input, { reason: 'to see why' })).operation;
  };
  const run = async (clientId?: string) => RUN_ONCE_JOB.mutation.execute(ctx, await start(clientId));
  return { broker, ctx, clients, frames, first, letter, id, plan, start, run };
}
const resultOf = ({ resultJson }: Operation): RunOnceResult => JSON.parse(resultJson ?? '').run;

describe('the plan', () => {
  test('takes the only client that can, asks which of several, and says why one cannot', async () => {
    expect((await scene([{ clientId: 'a' }]).plan()).plan).toMatchObject({ clientId: 'a', refused: null });
    const several = scene([{ clientId: 'a' }, { clientId: 'b' }, { clientId: 'p', consumeType: 'CONSUME_ACTIVELY' }]);
    const { plan, frozen } = await several.plan();
    expect(plan).toMatchObject({
      clientId: null,
      refused: { key: 'choose_client', params: { count: 2 } },
      clients: [
        { clientId: 'a', cannot: null },
        { clientId: 'b', cannot: null },
        { clientId: 'p', cannot: 'pull' },
      ],
    });
    expect(frozen).toBeNull();
    expect((await several.plan('b')).plan).toMatchObject({ clientId: 'b', refused: null, confirm: null });
    expect((await several.plan('p')).plan.refused).toMatchObject({ key: 'client_cannot' });
    expect((await several.plan('gone')).plan.refused).toMatchObject({ key: 'client_left' });
    expect((await scene([]).plan()).plan.refused).toMatchObject({ key: 'nobody_online' });
    expect((await scene([{ clientId: 'p', consumeType: 'CONSUME_POP' }]).plan()).plan.refused?.key).toBe('none_can');
  });

  test('a group that the broker does not know would be created by it', async () => {
    const { broker, plan } = scene([{ clientId: 'a' }]);
    broker.groups.clear();
    expect((await plan()).plan.refused).toMatchObject({ key: 'group_missing' });
  });

  test('hands over the first record while it is there, and else says what the listener sees', async () => {
    const there = scene([{ clientId: 'a' }]);
    const { plan, frozen } = await there.plan();
    expect(plan.topicSeen).toBe('orders');
    expect(plan.warnings.map(({ key }) => key)).toEqual(['really_runs']);
    expect(frozen).toMatchObject({ messageId: there.first.offsetMessageId, topicSeen: 'orders' });

    // Another message lies at the place by now.
    const other = scene([{ clientId: 'a', isOrderly: true, isSilent: false, language: 'GO' }]);
    other.first.properties = { UNIQ_KEY: 'OTHER' };
    const seen = await other.plan();
    expect(seen.plan.topicSeen).toBe('%DLQ%g');
    expect(seen.frozen?.messageId).toBe(other.letter.offsetMessageId);
    expect(seen.plan.warnings.map(({ key }) => key)).toEqual(['really_runs', 'orderly', 'sees_dlq_topic', 'other_sdk']);
  });

  test('is stale when the letter or the client has gone', async () => {
    const gone = scene([{ clientId: 'a' }]);
    const { plan, frozen } = await gone.plan();
    gone.clients.splice(0);
    await expect(RUN_ONCE_JOB.recheck?.(gone.ctx, plan, frozen)).rejects.toMatchObject({ key: 'client_left' });
    gone.clients.push({ clientId: 'a' });
    await RUN_ONCE_JOB.recheck?.(gone.ctx, plan, frozen);
    gone.broker.queues.delete('%DLQ%g 0');
    await expect(RUN_ONCE_JOB.recheck?.(gone.ctx, plan, frozen)).rejects.toMatchObject({ key: 'letter_gone' });
  });
});

describe('the run', () => {
  test('asks once, keeps what was thrown, names the siblings, and leaves the letter as it was', async () => {
    const { broker, ctx, frames, id, first, run } = scene([{ clientId: 'a' }]);
    const alike = broker.bury('g', 'K1', { errorType: 'NoStock', KEYS: 'ORD-1' });
    broker.bury('g', 'K2', { errorType: 'Timeout' });
    const before = broker.all().length;
    const ended = await run();
    expect(frames).toEqual([{ consumerGroup: 'g', clientId: 'a', msgId: first.offsetMessageId, topic: 'orders' }]);
    expect(ended).toMatchObject({
      state: 'DONE',
      countsJson: '{"CR_THROW_EXCEPTION":1}',
      errorJson: null,
      group: null,
    });
    expect(resultOf(ended)).toMatchObject({
      id,
      clientId: 'a',
      outcome: 'failed',
      ...THROWN,
      siblings: {
        basis: 'cause',
        shared: 'errorType: NoStock',
        among: 2,
        count: 1,
        letters: [{ id: `broker-a:${alike.physicalOffset}`, name: 'ORD-1' }],
      },
    });
    expect(broker.all()).toHaveLength(before);
    expect(await store.operations.steps(ended.id)).toMatchObject([{ action: 'run_once', state: 'DONE' }]);
    const audit = await store.audit.list({ operationId: ended.id, limit: 10 });
    expect(audit.map(({ phase, action, outcome }) => `${phase} ${action} ${outcome}`).sort()).toEqual([
      'intent dead-letters.run-once allowed',
      'result dead-letters.run-once success',
    ]);
    expect((await listRuns(ctx, { group: 'g', id })).items).toMatchObject([
      { jobId: ended.id, clientId: 'a', reason: 'to see why', active: false, run: { outcome: 'failed' } },
    ]);
    expect((await listRuns(ctx, { group: 'g', id: `${id}0` })).items).toEqual([]);
  });

  test.each([
    ['the client did not answer the broker', () => new RocketMQError(207, 'Timeout', 'x', 'y')],
    ['the broker did not answer', () => new RemotingError('TIMEOUT', 'y', 'no answer', true)],
    ['the relay broke', () => new RocketMQError(1, 'invoke consumer <g> <a> Exception: closed', 'x', 'y')],
  ])('%s: it may have run, and is not asked again', async (_, error) => {
    const { ctx, frames, id, run } = scene([{ clientId: 'a' }], () => {
      throw error();
    });
    const ended = await run();
    expect(ended).toMatchObject({ state: 'PARTIAL', countsJson: '{"MAYBE_RUN":1}' });
    expect(JSON.parse(ended.errorJson ?? '')).toMatchObject({ key: 'maybe_run' });
    expect(resultOf(ended)).toMatchObject({ outcome: 'unknown', siblings: null });
    expect(frames).toHaveLength(1);
    const audit = await store.audit.list({ operationId: ended.id, limit: 10 });
    expect(audit.find(({ phase }) => phase === 'result')?.outcome).toBe('unknown');
    expect((await listRuns(ctx, { group: 'g', id })).items).toHaveLength(1);
  });

  test.each([
    ['the client has left', () => new RocketMQError(1, 'The Consumer <g> <a> not online', 'x', 'y')],
    [
      'it is no push consumer',
      () => new RocketMQError(1, 'The Consumer Group <g> not exist in this consumer', 'x', 'y'),
    ],
    ['the broker is busy', () => new RocketMQError(2, 'busy', 'x', 'y')],
    ['nothing left this machine', () => new RemotingError('CONNECT', 'y', 'refused', false)],
  ])('%s: it did not run', async (_, error) => {
    const { run } = scene([{ clientId: 'a' }], () => {
      throw error();
    });
    const ended = await run();
    expect(ended).toMatchObject({ state: 'FAILED', countsJson: '{"NOT_RUN":1}' });
    expect(resultOf(ended)).toMatchObject({ outcome: 'not_run' });
  });

  test('an answer in no known words: the code ran, what came of it is unknown', async () => {
    const nothing = { consumeResult: null, remark: null, spentMs: null, order: null, autoCommit: null };
    expect(await scene([{ clientId: 'a' }], () => nothing).run()).toMatchObject({ state: 'PARTIAL' });
  });

  test('after a crash nothing is asked again: unknown with an intent, not run without, the answer where it is kept', async () => {
    const crash = async (at: string | null) => {
      const { ctx, frames, start } = scene([{ clientId: 'a' }]);
      const operation = await start();
      const crashed = {
        ...ctx,
        crashPoint: (name: string) => {
          if (name === at) throw new Error('killed');
        },
      };
      // What a killed process leaves: the row still says RUNNING.
      const claimed = await store.operations.claim(operation.id, operation.epoch, ['QUEUED'], Date.now());
      if (at !== null)
        await import('./run').then(({ runOnce }) =>
          runOnce(crashed, { ...claimed, input: JSON.parse(operation.inputJson) } as never, {} as never).catch(
            () => {},
          ),
        );
      const asked = frames.length;
      const left = (await store.operations.get(operation.id)) as Operation;
      const ended = await RUN_ONCE_JOB.mutation.resume(ctx, left);
      expect(frames).toHaveLength(asked);
      return resultOf(ended).outcome;
    };
    expect(await crash(null)).toBe('not_run');
    expect(await crash('before_run_once')).toBe('unknown');
    expect(await crash('after_run_once')).toBe('unknown');
    expect(await crash('never')).toBe('failed');
  });
});

test('siblings: by its own error, by one that names what was thrown, else by what it looks like', () => {
  const failure = (id: number, kind: FailureRow['kind'], text: string | null) => ({ id, kind, text }) as FailureRow;
  const all = [
    failure(1, 'property', 'shop.NoStockException: none'),
    failure(2, 'property', 'Timeout'),
    failure(3, 'shape', null),
  ];
  const of = (own: number | undefined, remark: string | null) => {
    const found = alikeOf(all, own, remark);
    return found && [found.basis, found.failure.id];
  };
  expect(of(2, 'shop.NoStockException: none, a.B.c(B.java:1)')).toEqual(['cause', 2]);
  expect(of(3, 'shop.NoStockException: none, a.B.c(B.java:1)')).toEqual(['remark', 1]);
  expect(of(3, 'java.lang.Error: x')).toEqual(['origin', 3]);
  expect(of(undefined, null)).toBeNull();
});
