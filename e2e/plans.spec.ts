import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { JobSummary } from '@/lib/contract/jobs';
import type { AnyPlan } from '@/lib/contract/plans';
import { expect, test, type Watched } from './fixtures';
import { type Api, apiOf } from './harness/api';
import { type DeadLetters, makeDead, pausedRedrive } from './harness/dead-letters';
import { makePlan } from './harness/jobs';
import { startNewConsole } from './harness/new-console';
import { addPerson, type Guest } from './harness/people';
import { startProxy } from './proxy/proxy';
import { startGuard } from './sandbox/guard';
import { ROOT } from './sandbox/paths';

const UPDATE_BROKER_CONFIG = 25;
const THREE = Array.from({ length: 3 }, (_, n) => ({ keys: `P-${n}`, body: `{"n":${n}}` }));

/** What changes a cluster, each as a plan. */
const destructive = ({ group, topic, ids }: DeadLetters) =>
  [
    ['reset', { group, topic, to: { kind: 'earliest' } }],
    ['redrive', { group, select: { ids }, target: { kind: 'group' } }],
    ['redrive', { group, select: { ids }, target: { kind: 'origin' } }],
    ['purge', { group }],
  ] as const;
/** And what changes what the console keeps of one. */
const kept = ({ group, ids }: DeadLetters) =>
  [
    ['handle', { group, select: { ids } }],
    ['reopen', { group, select: { ids } }],
    ['export', { group, select: { ids } }],
  ] as const;

const start = (who: Pick<Guest, 'post'> | Api, { token, confirm }: AnyPlan, more: object = {}) =>
  who.post(
    '/api/jobs',
    { token, confirm: confirm ?? undefined, reason: 'asked by a test', ...more },
    { 'idempotency-key': randomUUID() },
  );

let guests: { url: string; ann: Guest; bob: Guest } | undefined;
async function operatorsOf({ url }: Watched): Promise<{ ann: Guest; bob: Guest }> {
  if (guests?.url !== url) {
    const suffix = Date.now().toString(36);
    const [ann, bob] = [
      await addPerson(url, `ann-${suffix}`, ['operator']),
      await addPerson(url, `bob-${suffix}`, ['admin']),
    ];
    guests = { url, ann, bob };
  }
  return guests;
}

test('C24 a read-only cluster is not written to by anybody, and says so', { tag: '@turn-2' }, async ({
  cluster,
  oracle,
  api,
  unique,
}) => {
  test.setTimeout(240_000);
  const dead = await makeDead(oracle, api, unique('read-only'), THREE);
  const guard = startGuard();
  const wire = await startProxy([...cluster.nameServers, ...cluster.brokers.map(({ address }) => address)]);
  const options = { addressMap: wire.addressMap, isLeftNew: false };
  // Plans are made while it may still be written to: so every door is tried.
  const before = await startNewConsole(cluster, guard, 'read-only', options);
  const plans: AnyPlan[] = [];
  const own = apiOf(() => before.url);
  await expect
    .poll(async () => (await own.look<{ items: unknown[] }>('/api/dead-letters/messages', { group: dead.group })).items)
    .toHaveLength(3);
  for (const [kind, body] of [...destructive(dead), ...kept(dead)])
    plans.push(await makePlan<AnyPlan>(own, kind, body));
  await before.kill();
  const console_ = await startNewConsole(cluster, guard, 'read-only', {
    ...options,
    dataDir: before.dataDir,
    port: Number(new URL(before.url).port),
    env: { REDRIVE_READ_ONLY: 'true' },
  });
  const shut = apiOf(() => console_.url);
  wire.clear();
  for (const plan of plans) {
    const { status, body, text } = await start(shut, plan);
    expect([status, body.code], `${plan.kind} ${text}`).toEqual([403, 'read_only']);
    expect(body.hint?.length).toBeGreaterThan(5);
  }
  expect((await shut.get<{ items: unknown[] }>('/api/jobs')).items).toEqual([]);
  expect((await shut.ask('/api/groups')).status).toBe(200);
  expect(wire.writeFrames()).toEqual([]);
  await console_.kill();
  await wire.stop();
  await guard.close();
});

test('C26 nothing is done without the plan of whoever asks, whole, fresh and unused', async ({
  api,
  wire,
  watched,
  oracle,
  unique,
}) => {
  test.setTimeout(240_000);
  const { ann, bob } = await operatorsOf(watched);
  const dead = await makeDead(oracle, api, unique('unplanned'), THREE);
  const planOf = async (who: Guest, kind: string, body: object) => {
    let plan: AnyPlan | undefined;
    await expect
      .poll(async () => {
        const answer = await who.post<AnyPlan>(`/api/plans/${kind}`, body);
        plan = answer.status === 200 ? answer.body : undefined;
        return plan?.failures ?? answer.text;
      })
      .toEqual([]);
    return plan as AnyPlan;
  };
  wire.clear();
  const all = [...destructive(dead), ...kept(dead)];
  for (const [kind, body] of all) {
    const plan = await planOf(bob, kind, body);
    const other = await planOf(bob, kind, body);
    const [id = '', mac = ''] = plan.token.split('.');
    const mixed = `${id}.${other.token.split('.')[1]}`;
    const flipped = `${id}.${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`;
    for (const [what, who, token] of [
      ['of somebody else', ann, plan.token],
      ['of another plan', bob, mixed],
      ['altered', bob, flipped],
      ['of nothing', bob, `${'0'.repeat(26)}.${mac}`],
    ] as const) {
      const answer = await start(who, { ...plan, token });
      expect([answer.status, answer.body.code], `${kind}, a token ${what}: ${answer.text}`).toEqual([
        409,
        'plan_required',
      ]);
    }
    const without = await bob.post('/api/jobs', { reason: 'no plan at all', confirm: plan.confirm ?? undefined });
    expect(without.status).toBe(400);
  }
  expect(wire.writeFrames()).toEqual([]);
  expect((await api.get<{ items: unknown[] }>('/api/jobs', { group: dead.group })).items).toEqual([]);
});

test('C26 a plan of more than five minutes ago is refused', { tag: '@turn-3' }, async ({
  cluster,
  oracle,
  api,
  unique,
}) => {
  test.setTimeout(240_000);
  const dead = await makeDead(oracle, api, unique('expired'), THREE);
  const guard = startGuard();
  const wire = await startProxy([...cluster.nameServers, ...cluster.brokers.map(({ address }) => address)]);
  const options = { addressMap: wire.addressMap, isLeftNew: false };
  const before = await startNewConsole(cluster, guard, 'expired', options);
  const own = apiOf(() => before.url);
  await expect
    .poll(async () => (await own.look<{ items: unknown[] }>('/api/dead-letters/messages', { group: dead.group })).items)
    .toHaveLength(3);
  const plans: AnyPlan[] = [];
  for (const [kind, body] of [...destructive(dead), ...kept(dead)])
    plans.push(await makePlan<AnyPlan>(own, kind, body));
  await before.kill();
  const later = await startNewConsole(cluster, guard, 'expired', {
    ...options,
    dataDir: before.dataDir,
    port: Number(new URL(before.url).port),
    env: {
      NODE_OPTIONS: `--import=${new URL('./faults/shift-clock.mjs', `file://${ROOT}/e2e/`).href}`,
      REDRIVE_CLOCK_SHIFT_MS: String(5 * 60_000 + 1),
    },
  });
  wire.clear();
  for (const plan of plans) {
    const { status, body, text } = await start(
      apiOf(() => later.url),
      plan,
    );
    expect([status, body.code, body.message], `${plan.kind} ${text}`).toEqual([
      409,
      'plan_stale',
      'The plan is older than five minutes.',
    ]);
  }
  expect(wire.writeFrames()).toEqual([]);
  await later.kill();
  await wire.stop();
  await guard.close();
});

test('C26 a plan that no longer fits what it was made of is refused with the difference', async ({
  api,
  wire,
  oracle,
  unique,
}) => {
  test.setTimeout(240_000);
  const gone = await makeDead(oracle, api, unique('replaced'), THREE);
  const redrive = await makePlan<AnyPlan>(api, 'redrive', destructive(gone)[1][1]);
  const purge = await makePlan<AnyPlan>(api, 'purge', { group: gone.group });
  const reset = await makePlan<AnyPlan>(api, 'reset', destructive(gone)[0][1]);
  // Both topics are created anew, and hold something else.
  await oracle.deleteTopic(`%DLQ%${gone.group}`);
  await oracle.deleteTopic(gone.topic);
  await oracle.createTopic(gone.topic, { queues: 1 });
  await expect
    .poll(async () => (await oracle.topicExists(`%DLQ%${gone.group}`)).brokers, { timeout: 60_000 })
    .toEqual([]);
  wire.clear();
  for (const plan of [reset, purge, redrive]) {
    const { status, body, text } = await start(api, plan);
    expect([status, body.code], `${plan.kind} ${text}`).toEqual([409, 'plan_stale']);
    expect(body.message.length).toBeGreaterThan(20);
    expect(body.hint).toMatch(/new plan|nothing was sent|again/i);
  }
  expect(wire.writeFrames()).toEqual([]);
});

test('C27 of two operators the second is told by name which job holds the group', async ({
  api,
  wire,
  watched,
  oracle,
  unique,
}) => {
  test.setTimeout(240_000);
  const { ann, bob } = await operatorsOf(watched);
  const dead = await makeDead(oracle, api, unique('held'), THREE);
  const plans: AnyPlan[] = [];
  for (const [kind, body] of destructive(dead)) {
    const answer = await bob.post<AnyPlan>(`/api/plans/${kind}`, body);
    expect(answer.status, answer.text).toBe(200);
    plans.push(answer.body);
  }
  const asAnn = { ...api, ...ann, get: api.get } as unknown as Api;
  const first = await pausedRedrive(asAnn, dead);
  wire.clear();
  for (const plan of plans) {
    const { status, body, text } = await start(bob, plan);
    expect(status, `${plan.kind} ${text}`).toBe(409);
    expect(body.message, plan.kind).toContain(first.id);
  }
  expect(wire.writeFrames()).toEqual([]);
  await api.post<JobSummary>('/api/jobs/cancel', { id: first.id, reason: 'the test is over' });
});

test('C27 of two at the same moment one begins', async ({ api, watched, oracle, unique }) => {
  test.setTimeout(240_000);
  const { ann, bob } = await operatorsOf(watched);
  const dead = await makeDead(oracle, api, unique('raced'), THREE);
  const planned = await Promise.all(
    [ann, bob].map((who) =>
      who.post<AnyPlan>('/api/plans/redrive', {
        ...destructive(dead)[1][1],
        canary: { waitMs: 60_000 },
        rate: 1,
      }),
    ),
  );
  const answers = await Promise.all([ann, bob].map((who, n) => start(who, planned[n]?.body as AnyPlan)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  const begun = answers.find(({ status }) => status === 202)?.body as unknown as JobSummary;
  expect(answers.find(({ status }) => status === 409)?.body.message).toContain(begun.id);
  await api.post<JobSummary>('/api/jobs/cancel', { id: begun.id, reason: 'the test is over' });
});

test('C41 there is no way to change the configuration of a broker: frame 25 is never sent', async ({ quiet }) => {
  const { paths } = await quiet.api.get<{ paths: Record<string, { post?: unknown }> }>('/api/openapi.json');
  const values = { key: 'brokerConfigPath', value: 'a\nbrokerConfigPath=/x', config: { a: 'b\\u000ac:d' } };
  quiet.wire.clear();
  for (const address of ['/api/brokers/config', '/api/plans/config', '/api/brokers', '/api/topics/config'])
    expect((await quiet.api.post(address, values)).status, address).toBe(404);
  for (const [address, { post }] of Object.entries(paths)) {
    if (!post || ['/api/sign-out', '/api/sign-in', '/api/setup'].includes(address)) continue;
    const { status } = await quiet.api.post(address, { kind: 'config', code: UPDATE_BROKER_CONFIG, ...values });
    expect([400, 403, 404, 409, 415], address).toContain(status);
  }
  expect(quiet.wire.requests(UPDATE_BROKER_CONFIG)).toEqual([]);
  expect(quiet.wire.writeFrames()).toEqual([]);
  // And no file knows how to make one.
  const requests = readdirSync(path.join(ROOT, 'lib/rocketmq/requests')).filter((name) => !name.endsWith('.test.ts'));
  for (const name of requests) {
    const made = (await import(path.join(ROOT, 'lib/rocketmq/requests', name))) as Record<string, { code?: number }>;
    for (const request of Object.values(made)) expect(request?.code, name).not.toBe(UPDATE_BROKER_CONFIG);
  }
  expect(requests.length).toBeGreaterThan(20);
});
