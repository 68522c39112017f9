import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { JobSummary } from '@/lib/contract/jobs';
import type { Grant } from '@/lib/contract/permissions';
import type { ResetPlan } from '@/lib/contract/plans';
import { cancelRequestJson } from '@/lib/domain/jobs/cancel-request';
import { FakeCluster, storedAt } from '@/lib/domain/offsets/fake-cluster.fixture';
import { StoreError } from '@/lib/store/errors';
import { freshDir } from '@/lib/store/fixtures';
import { openStore } from '@/lib/store/open';
import { isActive } from '@/lib/store/schema';
import type { AnyEndpoint } from '../endpoint';
import { handle } from '../handle';
import { startJobRunner } from '../job-runner';
import { DEFAULT_LIMITS } from '../limit-settings';
import { Limits } from '../limits';
import { type Runtime, runtime, setRuntime } from '../runtime';
import { ACCESS_SETTINGS, signedIn } from '../signed-in.fixture';
import {
  jobAcknowledge,
  jobCancel,
  jobExport,
  jobItems,
  jobResume,
  jobStart,
  jobsDetail,
  jobsEvents,
  jobsList,
} from './jobs';
import { planReset } from './plans';

const fake = new FakeCluster({ a: { serverSide: true, queues: [{ min: 0, max: 100, committed: 80 }] } });
beforeAll(async () => {
  const dataDir = freshDir();
  const store = await openStore({ dir: dataDir });
  const ctx = fake.ctx(store);
  const cluster = {
    config: { name: 'demo', readOnly: false },
    client: ctx.client,
    sweeper: { snapshot: () => ctx.snapshot() },
  };
  setRuntime({
    settings: { dataDir, ...ACCESS_SETTINGS },
    limits: new Limits(DEFAULT_LIMITS),
    store,
    clusters: new Map([['demo', cluster]]),
    jobs: startJobRunner(),
    startedAt: 0,
  } as unknown as Runtime);
  host = await signedIn(store);
});
afterAll(async () => {
  await runtime().jobs.stop();
  await runtime().store.close();
  setRuntime(undefined);
});

let host: Record<string, string>;
const get = (endpoint: AnyEndpoint, query: string) =>
  handle(endpoint).GET(new Request(`http://127.0.0.1:8080/x?${query}`, { headers: host }));
const post = async (endpoint: AnyEndpoint, body: object, key?: string) => {
  const headers = { ...host, 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) };
  const request = new Request('http://127.0.0.1:8080/x', { method: 'POST', headers, body: JSON.stringify(body) });
  const response = await handle(endpoint).POST(request);
  return { status: response.status, body: await response.json() };
};
const newPlan = async () =>
  (await post(planReset, { group: 'billing', to: { kind: 'timestamp', at: storedAt(30) } })).body as ResetPlan;

test('a plan becomes one job, whose events end when it ends', async () => {
  const { token, confirm, expiresAt } = await newPlan();
  expect(confirm).toBeNull();
  expect(expiresAt).toBeGreaterThan(Date.now());
  const forged = token.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'));
  for (const bad of [forged, 'x', `${'0'.repeat(26)}.${'A'.repeat(43)}`]) {
    expect(await post(jobStart, { token: bad, reason: 'replay' })).toMatchObject({
      status: 409,
      body: { code: 'plan_required' },
    });
  }
  expect(fake.frames).toEqual([]);

  const [first, second] = await Promise.all(['k', 'k'].map((key) => post(jobStart, { token, reason: 'replay' }, key)));
  expect(first?.status).toBe(202);
  const job = first?.body as JobSummary;
  expect(second?.body).toMatchObject({ id: job.id });

  const events = (await get(jobsEvents, `id=${job.id}`)).body?.pipeThrough(new TextDecoderStream());
  const words: string[] = [];
  for await (const text of events as unknown as AsyncIterable<string>) {
    words.push(text);
    // Ends the half minute of watching early; what was written stays written.
    if (text.includes('VERIFYING')) await post(jobCancel, { id: job.id, reason: 'seen enough' });
  }
  expect(words.at(-1)).toContain('"state":"DONE"');
  expect(fake.frames).toHaveLength(1);

  const detail = await (await get(jobsDetail, `id=${job.id}`)).json();
  expect(detail).toMatchObject({
    state: 'DONE',
    outcomes: { APPLIED: 1 },
    undo: { possible: true },
    can: { acknowledge: true },
  });
  expect(detail.curl).toContain('/api/plans/reset');
  expect(detail.audit.map(({ phase }: { phase: string }) => phase)).toContain('intent');
  const items = await (await get(jobItems, `id=${job.id}`)).json();
  expect(items).toMatchObject({
    total: 1,
    items: [{ label: 'orders a/0', state: 'APPLIED', evidence: { committedBefore: 80 } }],
  });
  expect((await get(jobExport, `id=${job.id}`)).status).toBe(404);
  expect((await post(jobResume, { id: job.id })).status).toBe(409);
  expect((await post(jobAcknowledge, { id: job.id })).body).toMatchObject({
    acknowledged: { by: 'Ann' },
  });
});

test('a file with messages of a group is kept from who may read those of another', async () => {
  const everywhere = { clusters: ['*'], topics: ['*'] };
  const roles = runtime().settings.access.roles as Record<string, Grant[]>;
  const readerOf = (group: string) => [
    { allow: ['metadata:read' as const], groups: ['*'], ...everywhere },
    { allow: ['message:body:read' as const], groups: [group], ...everywhere },
  ];
  const { items } = await (await get(jobsList, 'group=billing')).json();
  const statusFor = async (name: string, group: string) => {
    runtime().settings.access.roles = { ...roles, [name]: readerOf(group) };
    const headers = await signedIn(runtime().store, name, [name]);
    const request = new Request(`http://127.0.0.1:8080/x?id=${items[0].id}`, { headers });
    return (await handle(jobExport).GET(request)).status;
  };
  expect(await statusFor('bob', 'shipping')).toBe(403);
  // Allowed; this job wrote no file.
  expect(await statusFor('eve', 'billing')).toBe(404);
});

test('lists by state, group and text', async () => {
  const list = async (query: string) => (await (await get(jobsList, query)).json()).total;
  expect(await list('')).toBe(1);
  expect(await list('state=active')).toBe(0);
  expect(await list('state=ended&group=billing&kind=reset')).toBe(1);
  expect(await list('state=unacknowledged')).toBe(0);
  expect(await list('q=REPL')).toBe(1);
  expect(await list('q=%25')).toBe(0);
});

test('a cluster that is read-only starts nothing', async () => {
  const plan = await newPlan();
  const config = runtime().clusters.get('demo')?.config as { readOnly: boolean };
  config.readOnly = true;
  expect(await post(jobStart, { token: plan.token, reason: 'replay' })).toMatchObject({
    status: 403,
    body: { code: 'read_only' },
  });
  config.readOnly = false;
});

test('a job whose end cannot be written is handed back as paused, not left running with nobody at it', async () => {
  const { store } = runtime();
  const { transaction } = store;
  const plan = (await post(planReset, { group: 'billing', to: { kind: 'timestamp', at: storedAt(20) } })).body;
  fake.onWrite = () => {
    store.transaction = () => Promise.reject(new StoreError('UNAVAILABLE', 'disk is full'));
  };
  const started = await post(jobStart, {
    token: plan.token,
    reason: 'full disk',
    ...(plan.confirm && { confirm: plan.confirm }),
  });
  expect(started.status).toBe(202);
  await vi.waitFor(async () => {
    const found = await store.operations.get((started.body as JobSummary).id);
    expect([found?.state, found?.errorJson]).toEqual(['PAUSED', '{"key":"journal_unavailable"}']);
  }, 15_000);
  store.transaction = transaction;
  fake.onWrite = () => {};

  // A cancel outlives the console that was asked for it.
  const { id } = started.body as JobSummary;
  await store.operations.noteRequest(id, cancelRequestJson('Ann'));
  expect((await post(jobResume, { id })).status).toBe(409);
  await vi.waitFor(() => expect(runtime().jobs.control(id)).toBeNull());
  const restarted = startJobRunner();
  await restarted.resumeInterrupted();
  expect(restarted.control(id)?.checkpoint()).toBe('cancel');
  await vi.waitFor(
    async () => expect(isActive((await store.operations.get(id))?.state ?? 'QUEUED')).toBe(false),
    15_000,
  );
  expect(await store.resetQueues.countsByState(id)).not.toHaveProperty('INTENT');
});
