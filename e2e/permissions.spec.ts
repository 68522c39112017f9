import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JobSummary } from '@/lib/contract/jobs';
import type { AnyPlan } from '@/lib/contract/plans';
import { expect, test } from './fixtures';
import { type Api, apiOf } from './harness/api';
import { ended, makePlan, startJob } from './harness/jobs';
import { type NewConsole, startNewConsole } from './harness/new-console';
import { startProxy, type WireProxy } from './proxy/proxy';
import { type Guard, startGuard } from './sandbox/guard';

/**
 * The matrix: every endpoint of the API, asked by every role about a group of its own and about another. What is expected
 * stands here a second time on purpose. An endpoint that is missing in `ASKED` fails the first test.
 */
const OWN = 'crm-sync';
const FOREIGN = 'orders-fulfilment';
const ROLES = ['viewer', 'crm-operator', 'operator', 'admin'] as const;
type Role = (typeof ROLES)[number];
/** `crm-operator` has what an operator has, for groups that begin with crm- alone. */
const MAY: Record<string, readonly Role[]> = {
  'metadata:read': ROLES,
  'message:body:read': ['crm-operator', 'operator', 'admin'],
  'dead-letter:redrive': ['crm-operator', 'operator', 'admin'],
  'group:reset': ['crm-operator', 'operator', 'admin'],
  'audit:read': ['operator', 'admin'],
  'dead-letter:purge': ['admin'],
  administer: ['admin'],
  'signed-in': ROLES,
};

interface Asked {
  /** Query of a GET, body of a POST, about a group. */
  input: (group: string, jobId: string) => object;
  /** False: about the cluster or oneself, whatever the group. */
  isOfGroup?: boolean;
  /** Where the document's permission lets everybody in and the act itself decides. */
  needs?: keyof typeof MAY;
}
const everything = { input: () => ({}), isOfGroup: false };
const ofGroup = { input: (group: string) => ({ group }) };
const letters = { select: { all: true } };
const topicOf = (group: string) => `%DLQ%${group}`;
const ofJob = { input: (_: string, id: string) => ({ id }) };

const ASKED: Record<string, Asked> = {
  'GET /api/clusters': everything,
  'GET /api/names': everything,
  'GET /api/overview': everything,
  'GET /api/topics': everything,
  'GET /api/topics/detail': { input: (group) => ({ topic: topicOf(group) }) },
  'GET /api/topics/producers': { input: (group) => ({ topic: topicOf(group) }) },
  'GET /api/topics/histogram': { input: (group) => ({ topic: topicOf(group) }) },
  'GET /api/groups': everything,
  'GET /api/groups/detail': ofGroup,
  'GET /api/groups/lag': ofGroup,
  'GET /api/groups/history': ofGroup,
  'GET /api/groups/why': ofGroup,
  'GET /api/groups/member': { input: (group) => ({ group, clientId: 'nobody@1' }) },
  'GET /api/retries': ofGroup,
  'GET /api/dead-letters': everything,
  'GET /api/dead-letters/messages': ofGroup,
  'GET /api/dead-letters/failures': ofGroup,
  'GET /api/dead-letters/search': { input: (group) => ({ group, in: 'body', text: 'x' }) },
  'GET /api/dead-letters/rows': { input: (group) => ({ group, ids: 'broker-a:0' }) },
  'GET /api/dead-letters/runs': { input: (group) => ({ group, id: 'broker-a:0' }) },
  'POST /api/dead-letters/note': { input: (group) => ({ group, failure: 999_999_999, text: 'x' }) },
  'GET /api/messages/detail': { input: () => ({ id: 'broker-a:999999999999' }), isOfGroup: false },
  'GET /api/messages/body': { input: () => ({ id: 'broker-a:999999999999' }), isOfGroup: false },
  'GET /api/trace': { input: () => ({ id: 'nobody-sent-this' }), isOfGroup: false },
  'GET /api/jobs': everything,
  'GET /api/jobs/detail': ofJob,
  'GET /api/jobs/items': ofJob,
  'GET /api/jobs/events': ofJob,
  'GET /api/jobs/export': { ...ofJob, needs: 'message:body:read' },
  // Without a plan of one's own nothing can be started, and a plan takes the permission.
  'POST /api/jobs': { input: () => ({ token: 'x', reason: 'matrix' }), isOfGroup: false },
  ...Object.fromEntries(
    ['pause', 'resume', 'cancel', 'acknowledge'].map((act) => [
      `POST /api/jobs/${act}`,
      { input: (_: string, id: string) => ({ id, reason: 'matrix' }), needs: 'message:body:read' },
    ]),
  ),
  'POST /api/plans/reset': { input: (group) => ({ group, to: { kind: 'latest' } }) },
  'POST /api/plans/redrive': { input: (group) => ({ group, ...letters, target: { kind: 'group' } }) },
  'POST /api/plans/purge': ofGroup,
  'POST /api/plans/handle': { input: (group) => ({ group, ...letters }) },
  'POST /api/plans/reopen': { input: (group) => ({ group, ...letters }) },
  'POST /api/plans/export': { input: (group) => ({ group, ...letters }) },
  'POST /api/plans/run-once': { input: (group) => ({ group, id: 'broker-a:0' }) },
  'GET /api/audit': everything,
  'GET /api/audit/entry': { input: () => ({ seq: 1 }), isOfGroup: false },
  'GET /api/audit/verify': everything,
  'GET /api/audit/export': { input: () => ({ format: 'csv' }), isOfGroup: false },
  'GET /api/me': everything,
  'GET /api/me/sessions': everything,
  'GET /api/me/tokens': everything,
  'POST /api/me/tokens': { input: () => ({ name: 'matrix', allow: ['metadata:read'] }), isOfGroup: false },
  'POST /api/me/tokens/end': { input: () => ({ id: '0'.repeat(26) }), isOfGroup: false },
  'POST /api/me/sessions/end': { input: () => ({ id: '0'.repeat(26) }), isOfGroup: false },
  'POST /api/me/raise': { input: () => ({ role: 'admin', minutes: 0, reason: 'matrix' }), isOfGroup: false },
  'POST /api/me/raise/end': everything,
  'POST /api/me/password': { input: () => ({ current: 'wrong', next: 'wrong' }), isOfGroup: false },
  'GET /api/accounts': everything,
  'POST /api/accounts': { input: () => ({ name: 'matrix', password: 'short', roles: ['viewer'] }), isOfGroup: false },
  'POST /api/accounts/change': { input: () => ({ id: '0'.repeat(26), roles: ['viewer'] }), isOfGroup: false },
};
/** For who has not signed in yet; and what would end the session that asks. */
const OTHERWISE = [
  'POST /api/sign-in',
  'POST /api/sign-in/oidc',
  'POST /api/sign-in/oidc/finish',
  'POST /api/setup',
  'POST /api/sign-out',
];

const PASSWORD = 'a long enough password';
let guard: Guard;
let wire: WireProxy;
let console_: NewConsole;
const cookies = {} as Record<Role, string>;
const jobs: Record<string, string> = {};
let paths: Record<string, Record<string, { 'x-permission': string }>>;

test.beforeAll(async ({ cluster, shop }) => {
  test.setTimeout(300_000);
  expect(Object.keys(shop.dead)).toEqual(expect.arrayContaining([OWN, FOREIGN]));
  guard = startGuard();
  wire = await startProxy([...cluster.nameServers, ...cluster.brokers.map(({ address }) => address)]);
  const config = path.join(mkdtempSync(path.join(tmpdir(), 'redrive-roles-')), 'redrive.yaml');
  const allow = ['metadata:read', 'message:body:read', 'dead-letter:redrive', 'group:reset'];
  writeFileSync(config, JSON.stringify({ access: { roles: { 'crm-operator': [{ allow, groups: ['crm-*'] }] } } }));
  console_ = await startNewConsole(cluster, guard, 'matrix', {
    addressMap: wire.addressMap,
    isLeftNew: false,
    env: { REDRIVE_CONFIG: config },
  });
  const api = apiOf(() => console_.url);
  paths = (await api.get<{ paths: typeof paths }>('/api/openapi.json')).paths;
  for (const role of ROLES) {
    const made = await api.post('/api/accounts', { name: `one-${role}`, password: PASSWORD, roles: [role] });
    expect(made.status, made.text).toBe(200);
    const entered = await api.ask('/api/sign-in', {
      method: 'POST',
      isAnonymous: true,
      headers: { 'content-type': 'application/json', origin: console_.url },
      body: JSON.stringify({ name: `one-${role}`, password: PASSWORD }),
    });
    cookies[role] = [entered.headers['set-cookie']].flat()[0]?.split(';')[0] ?? '';
  }
  for (const group of [OWN, FOREIGN]) {
    const plan = await makePlan<AnyPlan>(api, 'export', { group, ...letters });
    jobs[group] = (await ended(api, ((await startJob(api, plan)) as JobSummary).id)).id;
  }
});
test.afterAll(async () => {
  await console_.kill();
  await wire.stop();
  await guard.close();
});

test('C04 every endpoint has a permission and stands in the matrix', () => {
  const described = Object.entries(paths).flatMap(([address, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${address}`,
      permission: operation['x-permission'],
    })),
  );
  expect(described.map(({ name }) => name).sort()).toEqual([...Object.keys(ASKED), ...OTHERWISE].sort());
  for (const { name, permission } of described)
    if (!OTHERWISE.includes(name)) expect(Object.keys(MAY), name).toContain(permission);
});

for (const role of ROLES)
  test(`C04 what ${role} may do, and with which groups`, async () => {
    const api = apiOf(() => console_.url);
    wire.clear();
    const wrong: string[] = [];
    let denied = 0;
    let deniedWrites = 0;
    const recorded = () => deniedBy(`one-${role}`);
    const before = await recorded();
    for (const [name, { input, isOfGroup = true, needs }] of Object.entries(ASKED)) {
      const [method = '', address = ''] = name.split(' ');
      const permission = needs ?? paths[address]?.[method.toLowerCase()]?.['x-permission'] ?? '';
      for (const group of isOfGroup ? [OWN, FOREIGN] : [OWN]) {
        const isKept = role === 'crm-operator' && group === FOREIGN;
        const may = MAY[permission]?.includes(role) && !isKept;
        const { status, text } = await ask(api, role, method, address, input(group, jobs[group] ?? ''));
        // What may not even be known of is not there.
        const isRefused = status === 403 || (status === 404 && isKept);
        if (!may) denied += 1;
        // Where the act itself decides it also records; who looks at accounts without leave is on record too.
        if (!may && !needs && (method === 'POST' || permission === 'administer')) deniedWrites += 1;
        if (status === 401 || status >= 500 || isRefused === may)
          wrong.push(`${name} ${group}: ${status}, ${may ? 'allowed' : 'not allowed'} ${text.slice(0, 120)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(denied > 0).toBe(role !== 'admin');
    expect((await recorded()) - before, 'refused writes on record').toBe(deniedWrites);
    expect(wire.writeFrames()).toEqual([]);
  });

/** Refused writes of somebody that the audit trail knows of. */
async function deniedBy(who: string): Promise<number> {
  const query = { action: 'request.denied', outcome: 'denied', who, last: 'all' };
  return (await apiOf(() => console_.url).get<{ total: number }>('/api/audit', query)).total;
}

test('lists hold what one may know of, and nothing else', async () => {
  const api = apiOf(() => console_.url);
  const names = async (address: string) => (await ask(api, 'crm-operator', 'GET', address, {})).text;
  for (const address of [
    '/api/groups',
    '/api/dead-letters',
    '/api/jobs',
    '/api/names',
    '/api/overview',
    '/api/retries',
    '/api/topics',
    '/api/clusters',
  ]) {
    const text = await names(address);
    expect(text, address).not.toContain(FOREIGN);
    expect(text, address).not.toContain('inventory-sync');
  }
  expect(await names('/api/groups')).toContain(OWN);
  expect(await names('/api/jobs')).toContain(OWN);
  // Another asked first: what is kept for all must not be shown to him.
  expect((await ask(api, 'operator', 'GET', '/api/groups', {})).text).toContain(FOREIGN);
  expect(await names('/api/groups')).not.toContain(FOREIGN);
});

test('C05 a record is kept from who may not read its topic, wherever he has its place from', async () => {
  const api = apiOf(() => console_.url);
  const rows = async (group: string) =>
    (await api.get<{ items: { id: string }[] }>('/api/dead-letters/messages', { group })).items[0]?.id ?? '';
  const [own, foreign] = await Promise.all([rows(OWN), rows(FOREIGN)]);
  for (const address of ['/api/messages/detail', '/api/messages/body']) {
    expect((await ask(api, 'crm-operator', 'GET', address, { id: own })).status).toBe(200);
    const kept = await ask(api, 'crm-operator', 'GET', address, { id: foreign });
    expect(kept.status).toBe(404);
    expect(JSON.parse(kept.text).code).toBe('not_found');
  }
  // By the id that RocketMQ gave it, which names a place in the log and no topic.
  const placed = async (id: string) =>
    (await api.get<{ offsetMessageId: string; keys: string[] }>('/api/messages/detail', { id })) ?? {};
  const [ownPlace, foreignPlace] = [await placed(own), await placed(foreign)];
  const trace = (id: string) => ask(api, 'crm-operator', 'GET', '/api/trace', { id });
  expect((await trace(ownPlace.offsetMessageId)).text).toContain(OWN);
  const traced = await trace(foreignPlace.offsetMessageId);
  for (const name of [FOREIGN, ...foreignPlace.keys]) expect(traced.text).not.toContain(name);
});

function ask(api: Api, role: Role, method: string, address: string, input: object) {
  const headers = { cookie: cookies[role], origin: console_.url, 'content-type': 'application/json' };
  if (method === 'POST') return api.ask(address, { method, headers, body: JSON.stringify(input) });
  return api.ask(`${address}?${new URLSearchParams(input as Record<string, string>)}`, { headers });
}
