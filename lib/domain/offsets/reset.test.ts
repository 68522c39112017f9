import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ResetPlanInput } from '@/lib/contract/plans';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { DomainError } from '../errors';
import { startJob } from '../jobs/start';
import { summarise } from '../jobs/summarise';
import { makePlan } from '../plans/make';
import { FakeCluster, storedAt } from './fake-cluster.fixture';
import { RESET } from './reset';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

const cluster = (serverSide = true) =>
  new FakeCluster({
    a: { serverSide, queues: [{ min: 0, max: 100, committed: 80 }] },
    b: { serverSide, queues: [{ min: 0, max: 100, committed: 60 }] },
  });
const back = { kind: 'timestamp' as const, at: storedAt(30) };
const planOf = (fake: FakeCluster, to: ResetPlanInput['to'] = back) =>
  makePlan(fake.ctx(store), 'reset', { group: 'billing', to });
const because = { reason: 'replay', idempotencyKey: null };
async function started(fake: FakeCluster, to: ResetPlanInput['to'] = back) {
  const { row, plan } = await planOf(fake, to);
  return startJob(fake.ctx(store), row, { ...because, confirm: plan.confirm ?? undefined });
}
const rows = async (id: string) =>
  (await store.resetQueues.list(id)).map(({ broker, state, committedBefore }) => [broker, state, committedBefore]);

test('each frame is the harmless one, sent once, after its intent and the offsets from before are durable', async () => {
  const fake = cluster();
  const operation = await started(fake);
  const journalled: unknown[] = [];
  fake.onWrite = async ({ broker }) => {
    const row = (await store.resetQueues.list(operation.id)).find((each) => each.broker === broker);
    journalled.push([broker, row?.state, row?.committedBefore]);
  };
  const b = fake.brokers.get('b')?.queues[0];
  if (b) b.committed = 64;
  const ended = await RESET.execute(fake.ctx(store), operation);
  expect(ended.state).toBe('DONE');
  expect(journalled.sort()).toEqual([
    ['a', 'INTENT', 80],
    ['b', 'INTENT', 64],
  ]);
  expect(fake.frames).toHaveLength(2);
  for (const { code, fields } of fake.frames) {
    expect(code).toBe(222);
    expect(fields).toMatchObject({ timestamp: 4_102_444_800_000, isForce: false, queueId: 0, offset: 30 });
  }
  expect(await rows(operation.id)).toEqual([
    ['a', 'APPLIED', 80],
    ['b', 'APPLIED', 64],
  ]);
  expect(await summarise(store, ended)).toMatchObject({ total: 2, outcomes: { APPLIED: 2 }, note: null });
});

test('a broker that turns us away is asked once, not once for every queue, and the job says who may not do what', async () => {
  const queues = [80, 60, 40].map((committed) => ({ min: 0, max: 100, committed }));
  const fake = new FakeCluster({ a: { serverSide: true, queues } });
  fake.onWrite = async () => {
    const remark = 'User:viewer has no permission to access Group:billing from 10.0.0.9, no matched policies.';
    throw new RocketMQError(16, remark, 'INVOKE_BROKER_TO_RESET_OFFSET', '10.0.0.1:10911');
  };
  const ended = await RESET.execute(fake.ctx(store), await started(fake));
  expect(ended.state).toBe('FAILED');
  expect(fake.frames).toHaveLength(1);
  const { note, outcomes } = await summarise(store, ended);
  expect(outcomes).toEqual({ FAILED: 3 });
  expect(note).toEqual({
    key: 'access_refused',
    params: { broker: 'a', cause: 'NOT_ALLOWED', user: 'viewer', resource: 'Group:billing' },
  });
});

test('undo goes back to the offsets the job found', async () => {
  const fake = cluster();
  const operation = await RESET.execute(fake.ctx(store), await started(fake));
  const undone = await RESET.execute(fake.ctx(store), await started(fake, { kind: 'undo', jobId: operation.id }));
  expect(undone.state).toBe('DONE');
  expect([...fake.brokers.values()].map(({ queues }) => queues[0]?.committed)).toEqual([80, 60]);
});

test('a broker without explicit offsets gets request 15 and never 222', async () => {
  const fake = cluster(false);
  const ended = await RESET.execute(fake.ctx(store), await started(fake));
  expect(ended.state).toBe('DONE');
  expect(fake.frames.map(({ code }) => code)).toEqual([15, 15]);
});

test('the setting is read again right before: changed since, nothing is sent', async () => {
  const fake = cluster();
  const operation = await started(fake);
  for (const broker of fake.brokers.values()) broker.serverSide = false;
  const ended = await RESET.execute(fake.ctx(store), operation);
  expect(ended).toMatchObject({ state: 'FAILED' });
  expect(ended.errorJson).toContain('stale_path_changed');
  expect(fake.frames).toEqual([]);
});

test('a lost answer is looked for and never sent again', async () => {
  const fake = cluster();
  const operation = await started(fake);
  const a = fake.brokers.get('a')?.queues[0];
  fake.onWrite = ({ broker }) => {
    if (broker === 'a' && a) a.committed = 30;
    throw new RemotingError('TIMEOUT', broker, 'late', true);
  };
  const ended = await RESET.execute(fake.ctx(store), operation);
  expect(fake.frames).toHaveLength(2);
  expect(await rows(operation.id)).toEqual([
    ['a', 'APPLIED', 80],
    ['b', 'UNKNOWN', 60],
  ]);
  expect(ended.state).toBe('PARTIAL');
});

test('after a crash, what may have been sent is read and the rest goes on', async () => {
  const fake = cluster();
  const operation = await started(fake);
  const claimed = await store.operations.claim(operation.id, 0, ['QUEUED'], fake.at);
  const [a] = await store.resetQueues.list(operation.id);
  if (a) await store.resetQueues.update(a, { state: 'INTENT', intentAt: fake.at }).execute();
  const queue = fake.brokers.get('a')?.queues[0];
  if (queue) queue.committed = 30;
  const ended = await RESET.resume(fake.ctx(store), claimed ?? operation);
  expect(fake.frames).toHaveLength(1);
  expect(ended.state).toBe('DONE');
  expect((await rows(operation.id)).map(([, state]) => state)).toEqual(['APPLIED', 'APPLIED']);
});

test('a plan that drifted, expired, was used or is not confirmed starts nothing', async () => {
  const fake = cluster();
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'started',
      ({ code, key }: DomainError) => [code, key],
    );
  const skipping = await planOf(fake, { kind: 'latest' });
  const start = (row: typeof skipping.row, confirm?: string) =>
    codeOf(startJob(fake.ctx(store), row, { ...because, confirm }));
  expect(await start(skipping.row)).toEqual(['UNPROCESSABLE', 'confirm_missing']);
  expect(await start(skipping.row, 'Billing')).toEqual(['UNPROCESSABLE', 'confirm_mismatch']);
  const { row } = await planOf(fake);
  const queue = fake.brokers.get('a')?.queues[0];
  if (queue) Object.assign(queue, { committed: 5000, max: 9000 });
  expect(await start(row)).toEqual(['PLAN_STALE', 'stale_drifted']);
  if (queue) Object.assign(queue, { committed: 80, max: 100, min: 31 });
  expect(await start(row)).toEqual(['PLAN_STALE', 'stale_min_passed']);
  if (queue) queue.min = 0;
  fake.at += 5 * 60_000 + 1;
  expect(await start(row)).toEqual(['PLAN_STALE', 'plan_expired']);
  const other = await planOf(fake);
  const operation = await startJob(fake.ctx(store), other.row, because);
  const locked = await planOf(fake);
  expect(await start(locked.row)).toEqual(['CONFLICT', 'group_locked']);
  await RESET.execute(fake.ctx(store), operation);
  expect(await codeOf(startJob(fake.ctx(store), other.row, { ...because, idempotencyKey: 'another' }))).toEqual([
    'CONFLICT',
    'plan_used',
  ]);
});

test('the same key and body in parallel are one job; another body is refused', async () => {
  const fake = cluster();
  const { row } = await planOf(fake);
  const request = { reason: 'replay', idempotencyKey: 'k-1' };
  const jobs = await Promise.all([1, 2, 3].map(() => startJob(fake.ctx(store), row, request)));
  expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
  await expect(startJob(fake.ctx(store), row, { ...request, reason: 'other' })).rejects.toMatchObject({
    key: 'idempotency_mismatch',
  });
  const [job] = jobs;
  if (job) await RESET.execute(fake.ctx(store), job);
  expect((await startJob(fake.ctx(store), row, request)).id).toBe(job?.id);
});

test('cancelled while it waits: nothing is sent and the group is free', async () => {
  const fake = cluster();
  const operation = await started(fake);
  const ctx = fake.ctx(store);
  ctx.job.control.request('cancel', 'Ann');
  const ended = await RESET.execute(ctx, operation);
  expect(ended.state).toBe('CANCELLED');
  expect(fake.frames).toEqual([]);
  expect(await store.operations.activeOfGroup('demo', 'billing')).toBeUndefined();
});
