import { z } from 'zod';
import type { AuditReply } from '@/lib/contract/audit';
import type { FailuresReply, LetterRow, LettersReply } from '@/lib/contract/dead-letters';
import type { JobSummary } from '@/lib/contract/jobs';
import type { AnyPlan, RedrivePlan } from '@/lib/contract/plans';
import { expect, test } from './fixtures';
import { type Api, type ApiAnswer, apiOf } from './harness/api';
import { ended, makePlan, startJob } from './harness/jobs';
import { setupSecret, startNewConsole } from './harness/new-console';
import { startGuard } from './sandbox/guard';
import type { Oracle } from './sandbox/oracle';

/**
 * Every endpoint of the registry, asked as the shop's people would ask it, answers exactly what /api/openapi.json says:
 * nothing is missing, nothing is there that the document does not name.
 */
const HOUR_MS = 3_600_000;
/** More than a job of one letter a second sends before it is paused. */
const LETTERS = 12;

interface Ground {
  api: Api;
  oracle: Oracle;
  /** Groups of the shop with dead letters. */
  dead: string[];
  letters: Record<string, LetterRow[]>;
  /** A topic of these tests, and a group whose letters lie there for every kind of job. */
  topic: string;
  group: string;
  /** One ended job of each kind but a redrive, which ends when its copies are consumed. */
  jobs: JobSummary[];
  paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  responses: Record<string, { content: Record<string, { schema?: object; itemSchema?: object }> }>;
}
type Query = Record<string, string | number>;
type Inputs = (ground: Ground) => Query[] | object[] | Promise<Query[] | object[]>;

const each = (name: string, values: readonly string[], rest: Query = {}): Query[] =>
  values.map((value) => ({ [name]: value, ...rest }));
const firstOf = <T>(list: readonly T[] | undefined): T => {
  if (list?.[0] === undefined) throw new Error('nothing to ask for');
  return list[0];
};

/** Inputs of every endpoint; one that is missing here fails the first test. */
const EXAMPLES: Record<string, Inputs> = {
  'GET /api/clusters': () => [{}],
  'GET /api/names': () => [{}],
  'GET /api/overview': () => [{}],
  'GET /api/topics': async ({ api }) => {
    const { nextCursor } = await api.get<{ nextCursor: string }>('/api/topics', { limit: 2 });
    return [{ limit: 500, internal: 'true' }, { type: 'FIFO' }, { q: 'orders' }, { limit: 2, cursor: nextCursor }];
  },
  'GET /api/topics/detail': ({ topic, group }) =>
    each('topic', [
      topic,
      'orders-paid',
      'visits-closed',
      'shop|legacy%import',
      'RMQ_SYS_TRACE_TOPIC',
      `%RETRY%${group}`,
      `%DLQ%${group}`,
    ]),
  'GET /api/topics/producers': ({ topic }) => each('topic', [topic, 'orders-paid', 'payments-captured']),
  'GET /api/topics/histogram': ({ topic }) => [
    { topic: 'orders-paid' },
    { topic, buckets: 6, from: new Date(Date.now() - HOUR_MS).toISOString(), to: Date.now() },
    { topic: 'SCHEDULE_TOPIC_XXXX' },
  ],
  'GET /api/groups': () => [
    { limit: 500, internal: 'true' },
    { status: 'NO_MEMBERS' },
    { has: 'dead', sort: '-lag', limit: 2 },
  ],
  'GET /api/groups/detail': ({ dead, group }) =>
    each('group', [...dead, group, 'risk-scoring', 'inventory-sync', 'pricing-cache', 'legacy|import']),
  'GET /api/groups/lag': ({ group }) => [
    ...each('group', [group, 'inventory-sync', 'risk-scoring', 'pricing-cache']),
    { group: 'orders-fulfilment', topic: 'orders-paid' },
  ],
  'GET /api/groups/history': ({ group }) =>
    each('group', [group, 'orders-fulfilment', 'risk-scoring', 'pricing-cache']),
  'GET /api/groups/why': ({ group }) => each('group', [group, 'inventory-sync', 'risk-scoring', 'pricing-cache']),
  'GET /api/groups/member': async ({ api, oracle }) => {
    const detail = () =>
      api.look<{ members: { clientId: string }[] }>('/api/groups/detail', { group: 'inventory-sync' });
    const { members } = await oracle.until(detail, (found) => (found.members?.length ?? 0) > 0);
    return [{ group: 'inventory-sync', clientId: firstOf(members).clientId }];
  },
  'GET /api/retries': ({ dead, group }) => [{}, ...each('group', [...dead, group, 'notify-email'])],
  'GET /api/dead-letters': ({ group }) => [{ limit: 500 }, { q: group }, { limit: 1, sort: '-count' }],
  'GET /api/dead-letters/messages': async ({ api, dead, group }) => {
    const { nextCursor } = await api.get<LettersReply>('/api/dead-letters/messages', { group, limit: 2 });
    return [
      ...each('group', dead),
      ...each('state', ['open', 'handled', 'redriven', 'all'], { group }),
      { group, limit: 2, cursor: nextCursor ?? '' },
    ];
  },
  'GET /api/dead-letters/failures': ({ dead, group }) => each('group', [...dead, group]),
  'GET /api/dead-letters/search': ({ group }) => [
    { group, in: 'body', text: '"n":' },
    { group, in: 'path', name: 'n', is: 'equals', text: 3 },
    { group, in: 'property', name: 'UNIQ_KEY', state: 'open' },
  ],
  'GET /api/dead-letters/rows': ({ group, letters }) => [
    { group, ids: letters[group]?.map(({ id }) => id).join(' ') ?? '' },
  ],
  'POST /api/dead-letters/note': async ({ api, group }) => {
    const { items } = await api.get<FailuresReply>('/api/dead-letters/failures', { group });
    return ['known since Tuesday', ''].map((text) => ({ group, failure: firstOf(items).id, text }));
  },
  'GET /api/dead-letters/runs': ({ group, letters }) => [{ group, id: firstOf(letters[group]).id }],
  'GET /api/messages/detail': ({ letters }) =>
    each(
      'id',
      Object.values(letters).map((rows) => firstOf(rows).id),
    ),
  'GET /api/messages/body': ({ letters, group }) => [
    { id: firstOf(letters[group]).id },
    { id: firstOf(letters[group]).id, as: 'stored' },
  ],
  'GET /api/trace': async ({ letters, oracle, topic }) => {
    const stored = firstOf(await oracle.readAll(topic));
    const sent = firstOf(await oracle.readAll('payments-captured'));
    const ids = [
      ...Object.values(letters).flatMap((rows) => firstOf(rows).uniqKey ?? []),
      ...[stored.uniqKey, stored.offsetMsgId, sent.uniqKey],
      // The keys of ledger entries repeat.
      'ACC-1',
      'nobody-sent-this',
    ];
    return each('id', ids);
  },
  'GET /api/jobs': ({ group }) => [
    {},
    { state: 'active' },
    { kind: 'reset' },
    { group },
    { limit: 2, q: group },
    { about: 'dead-letters' },
  ],
  'GET /api/jobs/detail': ({ jobs }) => jobs.map(({ id }) => ({ id })),
  'GET /api/jobs/items': ({ jobs }) =>
    jobs.flatMap(({ id }) => [
      { id, limit: 2 },
      { id, only: 'exceptions' },
    ]),
  'GET /api/jobs/events': ({ jobs }) => jobs.map(({ id }) => ({ id })),
  'GET /api/jobs/export': ({ jobs }) =>
    jobs.filter(({ kind }) => kind === 'export' || kind === 'purge').map(({ id }) => ({ id })),
  'GET /api/audit': async ({ api, group }) => {
    const { nextCursor } = await api.get<AuditReply>('/api/audit', { limit: 2 });
    return [
      {},
      { limit: 2, cursor: nextCursor ?? '' },
      { resource: group, last: '24h', outcome: 'success' },
      { who: 'local', action: 'offsets.reset', q: 'job-', from: Date.now() - HOUR_MS, to: Date.now() },
    ];
  },
  'GET /api/audit/entry': async ({ api, jobs }) => {
    const replies = await Promise.all(jobs.map(({ id }) => api.get<AuditReply>('/api/audit', { q: id })));
    return replies.flatMap(({ items }) => items.map(({ seq }) => ({ seq })));
  },
  'GET /api/audit/verify': () => [{}],
  'GET /api/audit/export': () => [{ format: 'csv' }, { last: '24h' }],
  'POST /api/plans/reset': ({ group, topic, jobs }) => [
    { group, topic, to: { kind: 'earliest' } },
    { group, topic, to: { kind: 'latest' } },
    { group, topic, to: { kind: 'timestamp', at: new Date(Date.now() - HOUR_MS).toISOString() } },
    { group, topic, to: { kind: 'undo', jobId: firstOf(jobs.filter(({ kind }) => kind === 'reset')).id } },
    { group: 'inventory-sync', to: { kind: 'latest' } },
  ],
  'POST /api/plans/redrive': ({ dead, group, letters }) => [
    ...dead.map((name) => ({ group: name, select: { all: true }, target: { kind: 'group' } })),
    { group, select: { ids: letters[group]?.map(({ id }) => id) }, target: { kind: 'origin' }, rate: 5 },
  ],
  'POST /api/plans/purge': ({ dead, group }) => [...dead, group].map((name) => ({ group: name })),
  'POST /api/plans/handle': ({ dead, group }) =>
    [...dead, group].map((name) => ({ group: name, select: { all: true } })),
  'POST /api/plans/reopen': ({ group }) => [{ group, select: { all: true } }],
  'POST /api/plans/export': ({ dead }) => dead.map((name) => ({ group: name, select: { all: true } })),
  'POST /api/plans/run-once': ({ dead, group, letters }) => [
    ...[...dead, group].map((name) => ({ group: name, id: firstOf(letters[name]).id })),
    { group, id: firstOf(letters[group]).id, clientId: 'nobody@1' },
  ],
};

/** These change a job: one test leads a job through them. */
const STEERED = ['', '/pause', '/resume', '/cancel', '/acknowledge'].map((act) => `POST /api/jobs${act}`);

/** Of people and their sessions: one test signs somebody in and out through them. */
const OF_PEOPLE = [
  'POST /api/setup',
  'POST /api/sign-in',
  'POST /api/sign-out',
  'GET /api/me',
  'POST /api/me/raise/end',
  'POST /api/me/password',
  'GET /api/me/sessions',
  'POST /api/me/sessions/end',
  'GET /api/me/tokens',
  'POST /api/me/tokens',
  'POST /api/me/tokens/end',
  'GET /api/accounts',
  'POST /api/accounts',
  'POST /api/accounts/change',
];

/** What takes a configuration of its own: looked at in oidc.spec.ts and raise.spec.ts. */
const ELSEWHERE = ['POST /api/sign-in/oidc', 'POST /api/sign-in/oidc/finish', 'POST /api/me/raise'];

let ground: Ground;

test('every endpoint of the registry is asked here', async ({ api }) => {
  const { paths } = await api.get<Pick<Ground, 'paths'>>('/api/openapi.json');
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect([...Object.keys(EXAMPLES), ...STEERED, ...OF_PEOPLE, ...ELSEWHERE].sort()).toEqual(described.sort());
});

test.describe('answers', () => {
  test.beforeAll(async ({ cluster, watched, oracle, shop, unique }) => {
    test.setTimeout(600_000);
    const leave = await cluster.enter('shared');
    const { api } = watched;
    const { paths } = await api.get<{ paths: Ground['paths'] }>('/api/openapi.json');
    const [topic, group, purged] = [unique('contract'), unique('contract-reader'), unique('contract-purged')];
    await oracle.createTopic(topic, { queues: 2 });
    for (const name of [group, purged]) await oracle.createGroup(name);
    await oracle.send(
      topic,
      Array.from({ length: LETTERS }, (_, n) => ({ keys: `C-${n}`, tags: 'PAID', body: `{"n":${n}}` })),
      { traced: true },
    );
    await Promise.all(
      [group, purged].map((name) =>
        oracle.consumeFailing({ group: name, topic, traced: true, maxReconsumeTimes: 1, count: LETTERS }),
      ),
    );
    const dead = Object.keys(shop.dead);
    const letters = Object.fromEntries(
      await Promise.all(
        [...dead.map((name) => [name, 1] as const), [group, LETTERS] as const, [purged, LETTERS] as const].map(
          async ([name, count]) => [name, await lettersOf(api, name, count)] as [string, LetterRow[]],
        ),
      ),
    );
    const ids = letters[group]?.map(({ id }) => id) ?? [];
    const jobs: JobSummary[] = [];
    for (const [kind, body] of [
      ['handle', { group, select: { ids: ids.slice(0, 2) } }],
      ['reopen', { group, select: { ids: ids.slice(0, 1) } }],
      ['export', { group, select: { all: true } }],
      ['reset', { group, topic, to: { kind: 'earliest' } }],
      ['purge', { group: purged }],
    ] as const)
      jobs.push(await ended(api, (await startJob(api, await makePlan<AnyPlan>(api, kind, body))).id));
    expect(jobs.map(({ state }) => state)).toEqual(jobs.map(() => 'DONE'));
    ground = { api, oracle, dead, letters, topic, group, jobs, paths };
    leave();
  });

  for (const [endpoint, inputs] of Object.entries(EXAMPLES)) {
    test(`${endpoint} answers what it says`, async () => {
      const [method, path] = endpoint.split(' ') as ['GET' | 'POST', string];
      const asked = await inputs(ground);
      expect(asked.length).toBeGreaterThan(0);
      const answers: ApiAnswer[] = [];
      // One person may run two searches at a time.
      for (let from = 0; from < asked.length; from += 2)
        answers.push(...(await Promise.all(asked.slice(from, from + 2).map((input) => ask(method, path, input)))));
      for (const [index, answer] of answers.entries())
        expectAsDescribed(endpoint, answer, JSON.stringify(asked[index]));
    });
  }

  test('a job that is started, paused, resumed, cancelled and acknowledged answers what it says', async ({ api }) => {
    const { group, letters } = ground;
    const select = { ids: letters[group]?.slice(3).map(({ id }) => id) };
    const input = { group, select, target: { kind: 'origin' }, rate: 1 };
    const { token, confirm } = await makePlan<RedrivePlan>(api, 'redrive', input);
    const started = await api.post<JobSummary>('/api/jobs', { token, confirm, reason: 'the shape of the answers' });
    expectAsDescribed('POST /api/jobs', started);
    const { id } = started.body;
    const act = async (name: string) => {
      const answer = await api.post<JobSummary>(`/api/jobs/${name}`, { id, reason: 'asked by a test' });
      expectAsDescribed(`POST /api/jobs/${name}`, answer);
    };
    const state = async () => {
      const answer = await api.ask<JobSummary>(`/api/jobs/detail?id=${id}`);
      expectAsDescribed('GET /api/jobs/detail', answer);
      return answer.body.state;
    };
    const items = async () =>
      expectAsDescribed('GET /api/jobs/items', await api.ask<unknown>(`/api/jobs/items?id=${id}`));
    await expect.poll(state, { intervals: [100] }).toBe('RUNNING');
    await act('pause');
    await expect.poll(state, { intervals: [100] }).toBe('PAUSED');
    await act('resume');
    await act('cancel');
    await expect.poll(state, { intervals: [100] }).toBe('CANCELLED');
    await items();
    expectAsDescribed('GET /api/jobs/events', await api.ask<unknown>(`/api/jobs/events?id=${id}`));
    await act('acknowledge');
  });
});

test('people, sessions and tokens answer what they say', async ({ cluster, watched }) => {
  const { paths } = await watched.api.get<{ paths: Ground['paths'] }>('/api/openapi.json');
  const guard = startGuard();
  const console_ = await startNewConsole(cluster, guard, 'contract');
  const { url } = console_;
  const origin = { origin: url };
  const api = apiOf(() => url);
  let cookie: Record<string, string> = origin;
  const asked = new Set<string>();
  const say = async <T>(endpoint: string, input: object = {}, query = ''): Promise<T> => {
    const [method = '', path = ''] = endpoint.split(' ');
    const headers = { ...cookie, 'content-type': 'application/json' };
    const body = method === 'POST' ? { body: JSON.stringify(input) } : {};
    const answer = await api.ask<T>(path + query, { method, headers, ...body });
    expectAsDescribed(endpoint, answer, JSON.stringify(input), paths);
    asked.add(endpoint);
    const set = [answer.headers['set-cookie']].flat()[0]?.split(';')[0];
    if (set) cookie = { ...origin, cookie: set };
    return answer.body;
  };
  const password = 'a long enough password';
  await say('POST /api/setup', { token: setupSecret(console_.dataDir), name: 'first', password });
  const made = await say<{ id: string }>('POST /api/accounts', { name: 'second', password, roles: ['viewer'] });
  await say('POST /api/accounts/change', { id: made.id, roles: ['operator'] });
  await say('GET /api/accounts');
  await say('POST /api/sign-in', { name: 'Second', password });
  await say('GET /api/me');
  await say('POST /api/me/raise/end');
  const token = await say<{ id: string }>('POST /api/me/tokens', { name: 'ci', allow: ['metadata:read'] });
  await say('GET /api/me/tokens');
  await say('POST /api/me/tokens/end', { id: token.id });
  await say('POST /api/me/password', { current: password, next: `${password}, and another` });
  const sessions = await say<{ items: { id: string }[] }>('GET /api/me/sessions');
  await say('POST /api/me/sessions/end', { id: '0'.repeat(26) });
  expect(sessions.items).toHaveLength(1);
  await say('POST /api/sign-out');
  expect([...asked].sort()).toEqual([...OF_PEOPLE].sort());
  await console_.kill();
  await guard.close();
});

async function lettersOf(api: Api, group: string, atLeast: number): Promise<LetterRow[]> {
  let letters: LetterRow[] = [];
  const read = async () => {
    letters = (await api.look<LettersReply>('/api/dead-letters/messages', { group })).items ?? [];
    return letters.length;
  };
  await expect.poll(read).toBeGreaterThanOrEqual(atLeast);
  return letters;
}

test('an error has the form of every error', async ({ api }) => {
  const { components } = await api.get<{ components: { schemas: { Error: object } } }>('/api/openapi.json');
  const schema = z.fromJSONSchema(components.schemas.Error as never);
  for (const path of [
    '/api/topics/detail?topic=a.b',
    '/api/jobs/detail?id=none',
    '/api/nothing',
    '/api/topics?limit=0',
  ])
    expectExactly(schema, (await api.ask(path)).body, path);
});

function ask(method: 'GET' | 'POST', path: string, input: object): Promise<ApiAnswer> {
  if (method === 'POST') return ground.api.post<unknown>(path, input);
  return ground.api.ask<unknown>(`${path}?${new URLSearchParams(input as Record<string, string>)}`);
}

function expectAsDescribed(endpoint: string, answer: ApiAnswer, asked = '', paths = ground.paths): void {
  const [method = '', path = ''] = endpoint.split(' ');
  const what = `${endpoint} ${asked}`;
  const [[status, success]] = Object.entries(paths[path]?.[method.toLowerCase()]?.responses ?? {}) as [
    [string, Operation['responses'][string]],
  ];
  expect(String(answer.status), `${what}: ${answer.text.slice(0, 500)}`).toBe(status);
  const [[type, { schema, itemSchema }]] = Object.entries(success.content) as [
    [string, { schema?: object; itemSchema?: object }],
  ];
  expect(answer.headers['content-type'], what).toBe(type);
  if (schema) expectExactly(z.fromJSONSchema(schema as never), answer.body, what);
  if (!itemSchema) return;
  if (type.startsWith('application/x-ndjson')) {
    const lines = answer.text.trimEnd().split('\n');
    for (const line of lines) expectExactly(z.fromJSONSchema(itemSchema as never), JSON.parse(line), what);
    return;
  }
  const events = answer.text.split('\n\n').filter((text) => text.startsWith('event: '));
  expect(events.length, what).toBeGreaterThan(0);
  for (const event of events) {
    const [name, data = ''] = event.split('\n');
    expect(name, what).toBe('event: job');
    expectExactly(z.fromJSONSchema(itemSchema as never), JSON.parse(data.replace(/^data: /, '')), what);
  }
}

function expectExactly(schema: z.ZodType, value: unknown, what: string): void {
  const { error } = schema.safeParse(value);
  expect(error && z.prettifyError(error), what).toBeUndefined();
  // The document would be worth little if it allowed anything.
  expect(schema.safeParse({ ...(value as object), surplus: 1 }).success, `${what} with one field more`).toBe(false);
  expect(schema.safeParse({}).success, `${what} without any field`).toBe(false);
}
