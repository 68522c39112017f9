import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ClustersReply } from '@/lib/contract/clusters';
import type { LettersReply } from '@/lib/contract/dead-letters';
import type { JobSummary } from '@/lib/contract/jobs';
import type { RedrivePlan, ResetPlan } from '@/lib/contract/plans';
import { RocketMQClient } from '@/lib/rocketmq/client';
import { AUTH_LIST_USER } from '@/lib/rocketmq/requests/auth-list-user';
import { GET_BROKER_CONFIG } from '@/lib/rocketmq/requests/get-broker-config';
import { aclSigner } from '@/lib/rocketmq/sign';
import type { Api } from './harness/api';
import { ended, itemsOf, makePlan, startJob } from './harness/jobs';
import { type ManyClusters, SWEEP_MS, startManyClusters } from './harness/many-clusters';
import { startProxy, type WireProxy } from './proxy/proxy';
import { type Account, ADMIN, READER } from './sandbox/access';
import { LEGACY_VERSION } from './sandbox/legacy';
import { type Oracle, startOracle } from './sandbox/oracle';
import { ROOT } from './sandbox/paths';
import { type Sandbox, startSandbox } from './sandbox/sandbox';

const SEND = 310;
const RESET = 222;
const TOPIC = 'wire-orders';
const GROUP = 'wire-billing';
const LETTERS = 3;
/** What a broker is asked before a console knows that it is turned away: the first sweep asks several things at once. */
const FRAMES_AT_FIRST = 12;
/** Later sweeps ask one thing, to see whether that has changed. */
const FRAMES_PER_SWEEP = 1;

/** Secrets that nobody may find anywhere; ADMIN's is planted in a file, READER's in the environment. */
const WRONG_SECRET = 'canary-of-the-wrong-secret';
const TOKEN = 'canary-of-the-security-token';
const CANARIES = [ADMIN.secretKey, READER.secretKey, WRONG_SECRET, TOKEN];

let sandbox: Sandbox;
let legacy: Sandbox;
let oracle: Oracle;
let many: ManyClusters;
let startedAt = 0;
const wires = new Map<string, WireProxy>();

/** The same cluster once more, over a witness of its own. */
async function through(cluster: string, { nameServers, brokers }: Sandbox, acl?: object): Promise<object> {
  const wire = await startProxy([...nameServers, ...brokers.map(({ address }) => address)]);
  wires.set(cluster, wire);
  return { nameServers, addressMap: wire.addressMap, ...(acl && { acl }) };
}
const wireOf = (cluster: string) => wires.get(cluster) as WireProxy;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  [sandbox, legacy] = await Promise.all([
    startSandbox({ topology: 'single', acl: '2.0' }),
    startSandbox({ topology: 'single', acl: '1.0', version: LEGACY_VERSION }),
  ]);
  oracle = await startOracle(sandbox);
  await bury();
  const { scratch, guard } = sandbox;
  const secretKeyFile = path.join(scratch, 'admin.secret');
  writeFileSync(secretKeyFile, `${ADMIN.secretKey}\n`, { mode: 0o600 });
  const openFile = path.join(scratch, 'open.secret');
  writeFileSync(openFile, ADMIN.secretKey, { mode: 0o644 });
  const accounts = (of: Account) => ({
    wrong: { accessKey: of.accessKey, secretKey: WRONG_SECRET, securityToken: TOKEN },
    stranger: { accessKey: 'stranger-bob', secretKey: WRONG_SECRET },
    nobody: undefined,
  });
  const clusters: Record<string, object> = {
    full: await through('full', sandbox, { accessKey: ADMIN.accessKey, secretKeyFile }),
    reader: await through('reader', sandbox, { accessKeyEnv: 'READER_NAME', secretKeyEnv: 'READER_SECRET' }),
    'legacy-full': await through('legacy-full', legacy, { accessKey: ADMIN.accessKey, secretKeyFile: openFile }),
  };
  for (const [name, acl] of Object.entries(accounts(READER))) {
    clusters[name] = await through(name, sandbox, acl);
    clusters[`legacy-${name}`] = await through(`legacy-${name}`, legacy, acl);
  }
  const env = { READER_NAME: READER.accessKey, READER_SECRET: READER.secretKey };
  startedAt = Date.now();
  many = await startManyClusters({ name: 'wire', port: 18_900, scratch, guard, clusters, env });
});

test.afterAll(async () => {
  await many?.console.kill();
  await oracle?.stop();
  await Promise.all([...wires.values()].map((wire) => wire.stop()));
  await Promise.all([sandbox?.stop(), legacy?.stop()]);
});

/** Messages that the group could not handle; then it is up again. */
async function bury(): Promise<void> {
  await oracle.createTopic(TOPIC, { queues: 2 });
  await oracle.createGroup(GROUP);
  await oracle.send(
    TOPIC,
    Array.from({ length: LETTERS }, (_, n) => ({ keys: `W-${n}`, body: `{"n":${n}}` })),
  );
  await oracle.consumeFailing({ group: GROUP, topic: TOPIC, maxReconsumeTimes: 1, count: LETTERS });
  await oracle.startConsumer({ group: GROUP, topic: TOPIC, mode: 'success' });
}

async function lettersOf(api: Api): Promise<string[]> {
  let ids: string[] = [];
  const read = async () => {
    const { items } = await api.look<LettersReply>('/api/dead-letters/messages', { group: GROUP });
    ids = items?.map(({ id }) => id) ?? [];
    return ids.length;
  };
  await expect.poll(read).toBe(LETTERS);
  return ids;
}

async function clusterNamed(name: string) {
  const { items } = await many.on(name).get<ClustersReply>('/api/clusters');
  return items.find((cluster) => cluster.name === name);
}

const planRedrive = (api: Api, ids: readonly string[], target: object): Promise<RedrivePlan> =>
  makePlan<RedrivePlan>(api, 'redrive', { group: GROUP, select: { ids }, target, canary: null });
const planReset = (api: Api): Promise<ResetPlan> =>
  makePlan<ResetPlan>(api, 'reset', { group: GROUP, topic: TOPIC, to: { kind: 'earliest' } });

test('ACL 2.0: a full account reads, redrives and resets, every frame signed', async () => {
  const api = many.on('full');
  await expect.poll(async () => (await clusterNamed('full'))?.health).toBe('ok');
  const [first = ''] = await lettersOf(api);
  await oracle.forgetReceived(GROUP);
  const redrive = await startJob(api, await planRedrive(api, [first], { kind: 'group' }));
  expect(await ended(api, redrive.id)).toMatchObject({ state: 'DONE', outcomes: { CONSUMED: 1 } });
  const reset = await startJob(api, await planReset(api));
  expect(await ended(api, reset.id)).toMatchObject({ kind: 'reset', state: 'DONE' });
  // What a client does with a reset is its own race, looked at in reset.spec.ts; here it is that the broker took it.
  const { items } = await api.get<{ items: { state: string }[] }>('/api/jobs/items', { id: reset.id });
  expect(items.length).toBeGreaterThan(0);
  for (const { state } of items) expect(['APPLIED', 'APPLIED_THEN_MOVED']).toContain(state);
  expect(await oracle.received(GROUP)).not.toEqual([]);
  const requests = wireOf('full').frames.filter(({ direction }) => direction === 'request');
  expect(requests.filter(({ fields }) => !fields.Signature)).toEqual([]);
  expect(
    wireOf('full')
      .writeFrames()
      .map(({ code }) => code),
  ).toEqual(expect.arrayContaining([SEND, RESET]));
});

const PAGES = [
  '/',
  '/topics',
  `/topics/detail?topic=${TOPIC}`,
  '/groups',
  `/groups/detail?group=${GROUP}`,
  '/dead-letters',
  `/dead-letters/group?group=${GROUP}`,
  '/retries',
  '/jobs',
  '/trace?id=W-0',
  `/offsets/reset?group=${GROUP}`,
];

test('ACL 2.0: a read-only account sees every page', async () => {
  await expect.poll(async () => (await clusterNamed('reader'))?.health).toBe('ok');
  await lettersOf(many.on('reader'));
  for (const address of PAGES) {
    const { status, text } = await many.page('reader', address);
    expect(status, address).toBe(200);
    expect(text, address).not.toMatch(/could not be read|has no permission|did not answer/);
  }
  expect(wireOf('reader').writeFrames()).toEqual([]);
});

test('ACL 2.0: what a read-only account writes is refused once, and the job says who may not do what', async () => {
  const api = many.on('reader');
  const wire = wireOf('reader');
  wire.clear();
  const reset = await startJob(api, await planReset(api));
  const refused = await ended(api, reset.id);
  expect(refused.state).toBe('FAILED');
  expect(refused.note).toMatchObject({
    key: 'access_refused',
    params: { broker: 'broker-a', cause: 'NOT_ALLOWED', user: READER.accessKey },
  });
  expect(wire.requests(RESET)).toHaveLength(1);
  const queues = await itemsOf(api, reset.id);
  expect(queues.map(({ state }) => state)).toEqual(['FAILED', 'FAILED']);

  const [id = ''] = await lettersOf(api);
  const redrive = await startJob(api, await planRedrive(api, [id], { kind: 'origin' }));
  const paused = await ended(api, redrive.id);
  expect(paused.note).toMatchObject({
    key: 'access_refused',
    params: { cause: 'NOT_ALLOWED', user: READER.accessKey, resource: `Topic:${TOPIC}` },
  });
  expect(wire.requests(SEND)).toHaveLength(1);
  const { text } = await many.page('reader', `/jobs/${redrive.id}`);
  expect(text).toContain(`User ${READER.accessKey} has no permission for Topic:${TOPIC}.`);
  expect(text).toContain('Grant this to the user on the cluster');
  const chinese = await many.page('reader', `/jobs/${redrive.id}`, 'zh-CN');
  expect(chinese.text).toContain(`用户 ${READER.accessKey} 无权访问 Topic:${TOPIC}。`);
  await api.post<JobSummary>('/api/jobs/cancel', { id: redrive.id, reason: 'not allowed' });
  await expect
    .poll(async () => (await api.get<JobSummary>('/api/jobs/detail', { id: redrive.id })).state)
    .toBe('CANCELLED');
  expect(wire.writeFrames()).toHaveLength(2);
});

const REFUSALS = [
  ['wrong', 'WRONG_SECRET', /secret key is not the one of the access key/, /secretKey 与 accessKey 不匹配/],
  ['stranger', 'UNKNOWN_USER', /The broker knows no user stranger-bob\./, /Broker 不认识用户 stranger-bob。/],
  ['nobody', 'NO_CREDENTIALS', /asks for an access key, and Redrive sent none/, /要求访问密钥，而 Redrive 没有发送/],
] as const;

for (const [acl, prefix] of [
  ['2.0', ''],
  ['1.0', 'legacy-'],
] as const)
  for (const [who, cause, english, chinese] of REFUSALS)
    test(`ACL ${acl}: ${who} is told ${cause} with the next step, and does not knock again and again`, async () => {
      const cluster = `${prefix}${who}`;
      await expect.poll(async () => (await clusterNamed(cluster))?.health).toBe('unreachable');
      const failure = (await clusterNamed(cluster))?.failures[0];
      expect(failure).toMatchObject({ broker: 'broker-a', code: cause });
      const answer = await many.on(cluster).ask(`/api/topics?cluster=${cluster}`);
      expect(answer.status).toBe(503);
      expect(answer.body.message).toMatch(english);
      expect(answer.body.hint).toMatch(/acl\.|access key|user/);
      expect((await many.page(cluster, '/topics')).text).toMatch(english);
      expect((await many.page(cluster, '/topics', 'zh-CN')).text).toMatch(chinese);
      const { address } = (acl === '2.0' ? sandbox : legacy).brokers[0] ?? { address: '' };
      const asked = wireOf(cluster).frames.filter(
        ({ direction, target }) => direction === 'request' && target === address,
      );
      const sweeps = Math.ceil((Date.now() - startedAt) / SWEEP_MS);
      expect(asked.length).toBeLessThanOrEqual(FRAMES_AT_FIRST + FRAMES_PER_SWEEP * sweeps);
    });

test('ACL 1.0: the right account reads a cluster of 4.9', async () => {
  await expect.poll(async () => (await clusterNamed('legacy-full'))?.health).toBe('ok');
  expect((await many.page('legacy-full', '/topics')).status).toBe(200);
});

test('a file with a secret that others may read is warned about, by name', async () => {
  const log = readFileSync(many.logFile, 'utf8');
  expect(log).toMatch(/legacy-full acl\.secretKeyFile: .*open\.secret holds a secret and may be read by every account/);
  expect(log).not.toMatch(/admin\.secret/);
});

test('passwords that a broker hands out are left behind by the codec', async () => {
  const { nameServers } = sandbox;
  const client = new RocketMQClient({ name: 'probe', nameServers, signer: aclSigner(READER) });
  const to = { broker: 'broker-a', deadlineAt: Date.now() + 10_000 };
  try {
    const { config } = await client.call(GET_BROKER_CONFIG, undefined, to);
    expect(config.initAuthenticationUser).toBe(config.innerClientAuthenticationCredentials);
    const users = await client.call(AUTH_LIST_USER, {}, to);
    expect(users.map(({ username, type }) => [username, type])).toEqual([
      [ADMIN.accessKey, 'Super'],
      [READER.accessKey, 'Normal'],
    ]);
    for (const canary of CANARIES) expect(JSON.stringify([config, users])).not.toContain(canary);
  } finally {
    client.close();
  }
});

test('C30 secrets of brokers appear in no log line, answer, page, bundle or row of the store', async () => {
  for (const cluster of ['full', 'wrong']) {
    const api = many.on(cluster);
    for (const address of [
      '/api/clusters',
      '/api/overview',
      '/api/jobs',
      '/api/topics',
      '/api/openapi.json',
      '/api/nothing',
    ])
      expectNoCanary(address, (await api.ask(`${address}?cluster=${cluster}`)).text);
    for (const address of PAGES) {
      const join = address.includes('?') ? '&' : '?';
      expectNoCanary(address, (await api.ask(`${address}${join}cluster=${cluster}`)).text);
    }
  }
  await many.console.stop();
  for (const file of [many.logFile, ...filesIn(many.dataDir), ...filesIn(path.join(ROOT, '.next', 'static'))])
    expectNoCanary(file, readFileSync(file));
});

function expectNoCanary(where: string, bytes: string | Buffer): void {
  expect(bytes.length, `${where} is empty`).toBeGreaterThanOrEqual(0);
  for (const canary of CANARIES) expect(bytes.includes(canary), `${canary} in ${where}`).toBe(false);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
