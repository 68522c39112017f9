import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { Operation } from '@/lib/store/operations';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { readLetterQueues } from '../dead-letters/queues';
import { readLedger } from '../dead-letters/read-ledger';
import { extendArchive, verifyArchive } from '../export/archive';
import { EXPORT_JOB } from '../export/job';
import { fileName } from '../export/kept-file';
import { HANDLE_JOB, REOPEN_JOB } from '../handled/job';
import { JobControl, jobOf } from '../jobs/control';
import { jobDetail } from '../jobs/detail';
import { resultOf } from '../jobs/job-spec';
import { FakeBroker } from '../redrive/fake-broker.fixture';
import { planRedrive } from '../redrive/plan';
import { PURGE_JOB } from './job';
import { lookAfterRestarts } from './look-again';
import { returnedLetters } from './returned';
import { listSteps } from './steps';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

const GROUP = {
  name: 'g',
  mode: 'CLUSTERING',
  consumeEnabled: true,
  topics: ['orders'],
  members: { unknown: 'not_read' },
};
const snapshotOf = (bootAt: number) => ({
  groups: new Map([['g', GROUP]]),
  topics: new Map(),
  brokers: [{ name: 'broker-a', state: 'ok', bootAt }],
});

let clusters = 0;
async function scene(letters = 3) {
  const broker = new FakeBroker().addTopic('%RETRY%g').addTopic('orders');
  broker.groups.add('g');
  for (let n = 0; n < letters; n += 1) broker.bury('g', `KEY${n}`);
  const exportsDir = await mkdtemp(path.join(tmpdir(), 'redrive-exports-'));
  clusters += 1;
  const boot = { at: 1 };
  const ctx = {
    cluster: `p${clusters}`,
    actor: actorOf('admin'),
    client: broker.client,
    store,
    snapshot: () => snapshotOf(boot.at),
    log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    signal: new AbortController().signal,
    now: Date.now,
    deadlineAt: Number.POSITIVE_INFINITY,
    requestId: 'r',
    job: { control: new JobControl(), exportsDir },
  } as unknown as Ctx;
  return { broker, ctx, exportsDir, boot };
}

type AnyJob = typeof PURGE_JOB | typeof EXPORT_JOB | typeof HANDLE_JOB;
async function run(ctx: Ctx, job: AnyJob, input: never) {
  const { plan, frozen } = await job.makePlan(ctx, input);
  expect(plan.refused).toBeNull();
  const { operation } = await job.mutation.start(ctx, job.toInput(plan as never, frozen as never) as never, {
    reason: 'test',
  });
  const ended = await job.mutation.execute(ctx, operation);
  return { plan, operation: ended, file: ended.resultJson ? JSON.parse(ended.resultJson).file : null };
}
async function keysIn(dir: string, name: string): Promise<string[]> {
  const lines = await text(createReadStream(path.join(dir, name)).pipe(createGunzip()));
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).properties.UNIQ_KEY);
}
const requests = (broker: FakeBroker) => broker.log.map(({ request }) => request);

test('purge: verified export first, then every master, then every NameServer, then a look', async () => {
  const { broker, ctx, exportsDir } = await scene(3);
  const { plan, operation, file } = await run(ctx, PURGE_JOB, { group: 'g' } as never);
  expect(plan).toMatchObject({ confirm: 'purge 3', count: 3, open: 3 });
  expect(plan.warnings.map(({ key }) => key)).toEqual([
    'open_letters',
    'crash_brings_back',
    'race_window',
    'not_an_erasure',
  ]);
  expect(operation.state).toBe('DONE');
  expect(broker.topics.has('%DLQ%g')).toBe(false);
  const order = requests(broker);
  expect(order.lastIndexOf('PULL_MESSAGE')).toBeLessThan(order.indexOf('DELETE_TOPIC_IN_BROKER'));
  expect(order.indexOf('DELETE_TOPIC_IN_BROKER')).toBeLessThan(order.indexOf('DELETE_TOPIC_IN_NAMESRV'));
  expect(file).toMatchObject({ count: 3 });
  expect(await keysIn(exportsDir, file.name)).toEqual(['KEY0', 'KEY1', 'KEY2']);
  expect(
    (await PURGE_JOB.items?.(store, operation, { only: 'all', limit: 50 }))?.items.map(
      ({ label, state }) => `${label} ${state}`,
    ),
  ).toEqual([
    'export DONE',
    'delete_on_broker broker-a DONE',
    'delete_on_name_server 127.0.0.1:9876 DONE',
    'verify_broker broker-a DONE',
    'clear_marks broker-a DONE',
    'verify_route 127.0.0.1:9876 DONE',
  ]);
});

test('purge: a record that cannot be exported, or letters that keep coming, delete nothing', async () => {
  const damaged = await scene(3);
  const pull = damaged.broker.client.call;
  damaged.broker.client.call = async (request, input, target) => {
    const answer = (await pull(request, input, target)) as { messages: { queueOffset: number }[] };
    if (request.name !== 'PULL_MESSAGE') return answer;
    return { ...answer, messages: answer.messages.filter(({ queueOffset }) => queueOffset !== 1) };
  };
  const failed = await run(damaged.ctx, PURGE_JOB, { group: 'g' } as never);
  expect(failed.operation).toMatchObject({ state: 'FAILED', errorJson: expect.stringContaining('export_failed') });
  expect(requests(damaged.broker)).not.toContain('DELETE_TOPIC_IN_BROKER');

  const growing = await scene(3);
  const call = growing.broker.client.call;
  let n = 0;
  growing.broker.client.call = async (request, input, target) => {
    if (request.name === 'PULL_MESSAGE') growing.broker.bury('g', `MORE${n++}`);
    return call(request, input, target);
  };
  const ended = await run(growing.ctx, PURGE_JOB, { group: 'g' } as never);
  expect(ended.operation).toMatchObject({ state: 'FAILED', errorJson: expect.stringContaining('still_growing') });
  expect(requests(growing.broker)).not.toContain('DELETE_TOPIC_IN_BROKER');
});

test('purge: letters that come during the export are exported too', async () => {
  const { broker, ctx, exportsDir } = await scene(2);
  const call = broker.client.call;
  let isFirst = true;
  broker.client.call = async (request, input, target) => {
    const answer = await call(request, input, target);
    const operation = await store.operations.activeOfGroup(ctx.cluster, 'g');
    if (operation && request.name === 'PULL_MESSAGE' && isFirst) {
      isFirst = false;
      broker.bury('g', 'LATE');
    }
    return answer;
  };
  const { operation, file } = await run(ctx, PURGE_JOB, { group: 'g' } as never);
  expect(operation.state).toBe('DONE');
  expect(file.count).toBe(3);
  expect(await keysIn(exportsDir, file.name)).toEqual(['KEY0', 'KEY1', 'LATE']);
  const { sha256 } = JSON.parse(await readFile(path.join(exportsDir, `${file.name}.manifest.json`), 'utf8'));
  expect(file.sha256).toBe(sha256);
  // Whoever reads all of it again meanwhile would find more of them each time.
  const pulled = broker.log.flatMap(({ request, input }) => (request === 'PULL_MESSAGE' ? [input] : []));
  expect(pulled.at(-1)).toMatchObject({ queueOffset: 2 });
});

test('what cannot be added to an archive leaves it as it was', async () => {
  const { broker, ctx, exportsDir } = await scene(2);
  const { file } = await run(ctx, EXPORT_JOB, { group: 'g', select: { all: true } } as never);
  const manifest = JSON.parse(await readFile(path.join(exportsDir, `${file.name}.manifest.json`), 'utf8'));
  async function* failing() {
    yield { broker: 'broker-a', record: broker.bury('g', 'LATE') };
    throw new Error('the broker is gone');
  }
  await expect(extendArchive(exportsDir, manifest, failing())).rejects.toThrow('the broker is gone');
  await verifyArchive(exportsDir, manifest);
  expect(await keysIn(exportsDir, file.name)).toEqual(['KEY0', 'KEY1']);
});

test('purge: a topic that begins again while it is exported is not deleted', async () => {
  const { broker, ctx } = await scene(3);
  const call = broker.client.call;
  broker.client.call = async (request, input, target) => {
    const answer = await call(request, input, target);
    const operation = await store.operations.activeOfGroup(ctx.cluster, 'g');
    if (operation && request.name === 'PULL_MESSAGE' && broker.queues.delete('%DLQ%g 0')) broker.bury('g', 'OTHER');
    return answer;
  };
  const { operation } = await run(ctx, PURGE_JOB, { group: 'g' } as never);
  expect(operation).toMatchObject({ state: 'FAILED', errorJson: expect.stringContaining('export_failed') });
  expect(requests(broker)).not.toContain('DELETE_TOPIC_IN_BROKER');
});

test('an archive that was changed on disk does not verify', async () => {
  const { ctx, exportsDir } = await scene(2);
  const { file } = await run(ctx, EXPORT_JOB, { group: 'g', select: { all: true } } as never);
  const manifest = JSON.parse(await readFile(path.join(exportsDir, `${file.name}.manifest.json`), 'utf8'));
  expect(manifest).toMatchObject({
    count: 2,
    sha256: file.sha256,
    queues: [{ broker: 'broker-a', count: 2, firstQueueOffset: 0 }],
  });
  await verifyArchive(exportsDir, manifest);
  await writeFile(path.join(exportsDir, file.name), 'other');
  await expect(verifyArchive(exportsDir, manifest)).rejects.toThrow('sha256');
  expect((await readdir(exportsDir)).some((name) => name.endsWith('.part'))).toBe(false);
});

test('marking handled sends nothing, keeps letters out of a redrive, and can be taken back; a purge ends all marks', async () => {
  const { broker, ctx } = await scene(3);
  const [first] = broker.queue('%DLQ%g', 0);
  const ids = [`broker-a:${first?.physicalOffset}`];
  await run(ctx, HANDLE_JOB, { group: 'g', select: { ids } } as never);
  const redrive = { group: 'g', select: { all: true as const }, target: { kind: 'group' as const }, rate: 20 };
  expect((await planRedrive(ctx, redrive)).plan).toMatchObject({
    count: 2,
    skipped: [{ id: ids[0], reason: 'handled' }],
  });
  await run(ctx, REOPEN_JOB, { group: 'g', select: { ids } } as never);
  expect((await planRedrive(ctx, redrive)).plan.count).toBe(3);
  await run(ctx, HANDLE_JOB, { group: 'g', select: { all: true } } as never);
  expect((await planRedrive(ctx, redrive)).plan.count).toBe(0);
  expect(requests(broker).filter((name) => /SEND|DELETE|UPDATE/.test(name))).toEqual([]);
  await run(ctx, PURGE_JOB, { group: 'g' } as never);
  broker.bury('g', 'AFTER');
  expect((await planRedrive(ctx, redrive)).plan.count).toBe(1);
});

/** What a broker does when it crashes after a purge: the queue is back, the topic is not. */
function crash(broker: FakeBroker, kept: ReturnType<FakeBroker['queue']>): void {
  broker.queues.set('%DLQ%g 0', [...kept, ...broker.queue('%DLQ%g', 0)]);
  const call = broker.client.call;
  broker.client.call = async (request, input, target) => {
    const { topic } = (input ?? {}) as { topic?: string };
    if (request.name !== 'PULL_MESSAGE' || broker.topics.has(topic ?? '')) return call(request, input, target);
    return { status: 'NO_TOPIC', messages: [], damaged: [], nextBeginOffset: 0, minOffset: 0, maxOffset: 0 };
  };
}
const steps = async (operation: Operation) =>
  (await listSteps(store, operation, { only: 'all', limit: 50 })).items.map(({ label, state }) => `${label} ${state}`);

test('purge: letters that the crash of a broker brings back are found after its restart, and can be purged again', async () => {
  const { broker, ctx, boot } = await scene(3);
  const kept = [...broker.queue('%DLQ%g', 0)];
  const { operation } = await run(ctx, PURGE_JOB, { group: 'g' } as never);
  broker.log.length = 0;
  expect(await lookAfterRestarts(ctx)).toBe(0);
  expect(requests(broker), 'nothing is asked while no broker has started anew').toEqual([]);

  crash(broker, kept);
  boot.at = 2;
  expect(await lookAfterRestarts(ctx)).toBe(3);
  const back = { jobId: operation.id, broker: 'broker-a', count: 3, purgedAt: expect.any(Number) };
  expect(await returnedLetters(store, ctx.cluster, 'g')).toEqual([back]);
  expect(await jobDetail(ctx, operation, null)).toMatchObject({ returned: [back], exported: null, state: 'DONE' });
  expect((await steps(operation)).at(-1)).toBe('look_again broker-a FAILED');
  expect(await lookAfterRestarts(ctx), 'once after each start').toBe(0);

  const again = await run(ctx, PURGE_JOB, { group: 'g' } as never);
  expect(again.plan).toMatchObject({ confirm: 'purge 3', count: 3 });
  expect(again.plan.warnings.map(({ key }) => key)).toContain('resurrected');
  expect(again.operation.state).toBe('DONE');
  expect(again.file).toMatchObject({ count: 3 });
  expect(await returnedLetters(store, ctx.cluster, 'g')).toEqual([]);
});

test('purge: what died after it is not taken for what came back', async () => {
  const { broker, ctx, boot } = await scene(2);
  const kept = [...broker.queue('%DLQ%g', 0)];
  const { operation } = await run(ctx, PURGE_JOB, { group: 'g' } as never);
  broker.bury('g', 'LATER');
  boot.at = 2;
  expect(await lookAfterRestarts(ctx)).toBe(0);
  expect(await steps(operation)).toContain('look_again broker-a DONE');
  crash(broker, kept);
  boot.at = 3;
  broker.isDown = true;
  expect(await lookAfterRestarts(ctx)).toBe(0);
  broker.isDown = false;
  expect(await lookAfterRestarts(ctx), 'a broker that did not answer is asked again').toBe(2);
});

test('purge: its export says how far it is, and a job that ends before it deletes has deleted nothing', async () => {
  const { broker, ctx } = await scene(600);
  const { plan, frozen } = await PURGE_JOB.makePlan(ctx, { group: 'g' });
  const start = async () =>
    (await PURGE_JOB.mutation.start(ctx, PURGE_JOB.toInput(plan, frozen), { reason: 'test' })).operation;
  const told: unknown[] = [];
  const call = broker.client.call;
  // Half a second a look: progress is told with every letter.
  let clock = Date.now();
  Object.assign(ctx, { now: () => (clock += 500) });
  const operation = await start();
  broker.client.call = async (request, input, target) => {
    const now = await store.operations.get(operation.id);
    if (request.name === 'PULL_MESSAGE' && now) told.push(PURGE_JOB.exported?.(now));
    if (told.length === 15) jobOf(ctx).control.request('stop', '');
    return call(request, input, target);
  };
  const paused = await PURGE_JOB.mutation.execute(ctx, operation);
  expect(paused).toMatchObject({ state: 'PAUSED', errorJson: expect.stringContaining('server_stopped') });
  expect(told[0]).toEqual({ written: 0, of: 600 });
  expect(told.at(-1)).toEqual({ written: 256, of: 600 });
  expect(requests(broker)).not.toContain('DELETE_TOPIC_IN_BROKER');

  // After the restart it begins anew.
  Object.assign(ctx, { job: { ...jobOf(ctx), control: new JobControl() } });
  broker.client.call = call;
  const ended = await PURGE_JOB.mutation.resume(ctx, paused);
  expect(ended).toMatchObject({ state: 'DONE', resultJson: expect.stringContaining('"count":600') });
  expect(PURGE_JOB.exported?.(ended)).toBeNull();
});

test('purge: cancelled at rest it asks no broker; cancelled after it began to delete it says that it is partial', async () => {
  for (const hasDeleted of [false, true]) {
    const { broker, ctx, exportsDir } = await scene(1);
    const { plan, frozen } = await PURGE_JOB.makePlan(ctx, { group: 'g' });
    const { operation } = await PURGE_JOB.mutation.start(ctx, PURGE_JOB.toInput(plan, frozen), { reason: 'test' });
    // Left by a kill.
    const file = fileName('dlq', 'g', operation.id, '.jsonl.gz');
    await writeFile(path.join(exportsDir, hasDeleted ? file : `${file}.part`), '');
    const step = { operationId: operation.id, n: 0, broker: 'broker-a', action: 'delete_on_broker', state: 'INTENT' };
    if (hasDeleted) await store.operations.putStep(step as never);
    await store.operations.updateAs(operation.id, operation.epoch, { state: 'PAUSED' });
    broker.log.length = 0;
    jobOf(ctx).control.request('cancel', 'Ann');
    const paused = { ...operation, state: 'PAUSED' as const };
    const ended = await PURGE_JOB.mutation.resume(ctx, paused);
    const said = [ended.state, JSON.parse(ended.errorJson ?? '{}').key];
    expect(said).toEqual(hasDeleted ? ['PARTIAL', 'purge_interrupted'] : ['CANCELLED', 'cancelled_before_delete']);
    expect(broker.log).toEqual([]);
    expect(await readdir(exportsDir)).toEqual(hasDeleted ? [file] : []);
  }
});

test('purge: killed while it deletes, it keeps its export, deletes nothing more, and what a crash brings back is found', async () => {
  const { broker, ctx, boot } = await scene(3);
  const kept = [...broker.queue('%DLQ%g', 0)];
  const { plan, frozen } = await PURGE_JOB.makePlan(ctx, { group: 'g' });
  const { operation } = await PURGE_JOB.mutation.start(ctx, PURGE_JOB.toInput(plan, frozen), { reason: 'test' });
  const call = broker.client.call;
  const killed = new Promise<void>((resolve) => {
    broker.client.call = async (request, input, target) => {
      if (request.name !== 'DELETE_TOPIC_IN_BROKER') return call(request, input, target);
      await call(request, input, target);
      resolve();
      return new Promise(() => {});
    };
  });
  void PURGE_JOB.mutation.execute(ctx, operation);
  await killed;
  broker.client.call = call;
  broker.log.length = 0;
  const left = (await store.operations.get(operation.id)) as Operation;
  const ended = await PURGE_JOB.mutation.resume(ctx, left);
  expect(ended).toMatchObject({ state: 'PARTIAL', errorJson: expect.stringContaining('purge_interrupted') });
  expect(resultOf(ended).file).toMatchObject({ count: 3, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(await steps(ended)).toEqual(['export DONE', 'delete_on_broker broker-a UNKNOWN']);
  expect(requests(broker)).toEqual([]);
  crash(broker, kept);
  boot.at = 2;
  expect(await lookAfterRestarts(ctx)).toBe(3);
});

test('purge: with one master down it ends as partial, and a new purge takes up the rest when it is back', async () => {
  const { broker: a, ctx } = await scene(3);
  const b = Object.assign(new FakeBroker(), { name: 'broker-b' });
  for (let n = 0; n < 2; n += 1) b.bury('g', `B${n}`);
  const client = {
    ...a.client,
    topology: { masters: async () => ({ items: [{ name: 'broker-a' }, { name: 'broker-b' }], failures: [] }) },
    call: (...[request, input, target]: Parameters<typeof a.client.call>) =>
      (target.broker === 'broker-b' ? b : a).client.call(request, input, target),
  };
  Object.assign(ctx, { client });
  await readLedger(ctx, 'g', (await readLetterQueues(ctx, 'g')).queues, 100);
  const ofB = b.queue('%DLQ%g', 0).map(({ physicalOffset }) => `broker-b:${physicalOffset}`);
  await run(ctx, HANDLE_JOB, { group: 'g', select: { ids: ofB } } as never);
  b.isDown = true;
  const first = await run(ctx, PURGE_JOB, { group: 'g' } as never);
  expect(first.plan, 'marks on the other one are not of these').toMatchObject({ count: 3, open: 3 });
  expect(first.plan.warnings.map(({ key }) => key)).toContain('unreachable');
  expect(first.operation).toMatchObject({ state: 'PARTIAL', errorJson: expect.stringContaining('purge_partial') });
  expect([a.topics.has('%DLQ%g'), b.topics.has('%DLQ%g')]).toEqual([false, true]);
  expect(requests(a), 'the route leads to the letters that are left').not.toContain('DELETE_TOPIC_IN_NAMESRV');

  // Long after, when neither the NameServers nor the snapshot know of it.
  const both = client.topology;
  client.topology = { masters: async () => ({ items: [{ name: 'broker-a' }], failures: [] }) };
  a.bury('g', 'OPEN');
  const later = await PURGE_JOB.makePlan(ctx, { group: 'g' });
  expect(later.plan).toMatchObject({ confirm: 'purge 1', count: 1, open: 1 });
  expect(later.frozen.unreachable).toEqual(['broker-b']);
  await run(ctx, PURGE_JOB, { group: 'g' } as never);
  client.topology = both;

  b.isDown = false;
  const rest = await run(ctx, PURGE_JOB, { group: 'g' } as never);
  expect(rest.plan).toMatchObject({ confirm: 'purge 2', count: 2 });
  expect(rest.operation.state).toBe('DONE');
  expect(rest.file).toMatchObject({ count: 2 });
  expect(b.topics.has('%DLQ%g')).toBe(false);
  expect(requests(a)).toContain('DELETE_TOPIC_IN_NAMESRV');
});
