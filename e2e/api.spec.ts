import { expect, test, type Watched } from './fixtures';
import type { ApiAnswer, ApiFault, ApiRequest } from './harness/api';
import { headersFor } from './sign-in';

const HOUR_MS = 3_600_000;
const json = (value: unknown, headers: Record<string, string> = {}): ApiRequest => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof value === 'string' ? value : JSON.stringify(value),
});
const q = encodeURIComponent;

/** An error says what is wrong and what to do next, and carries its reference. */
function expectFault(answer: ApiAnswer<ApiFault>, status: number): void {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.body, answer.text).toMatchObject({ code: expect.stringMatching(/^[a-z_]+$/) });
  expect(answer.body.message.length).toBeGreaterThan(10);
  expect(answer.body.hint?.length ?? 0).toBeGreaterThan(5);
  expect(answer.body.requestId).toBe(answer.headers['x-request-id']);
}

async function refusedWithoutFrame(quiet: Watched, path: string, request: ApiRequest, status = 400): Promise<void> {
  quiet.wire.clear();
  expectFault(await quiet.api.ask(path, request), status);
  expect(quiet.wire.frames).toEqual([]);
}

const ILLEGAL_NAMES: [string, string][] = [
  ['an empty name', ''],
  ['blanks', '%20%20'],
  ['128 characters', 'x'.repeat(128)],
  ['300 characters', 'x'.repeat(300)],
  ['a way up', q('../x')],
  ['a slash', 'a%2Fb'],
  ['a dot', 'a.b'],
  ['NUL', 'a%00b'],
  ['a line feed', 'a%0Ab'],
  ['a right-to-left override', q('a\u202eb')],
  ['an accent', q('café')],
  ['an emoji', q('orders🚚')],
];
const NAMED = [
  '/api/topics/detail?topic=',
  '/api/groups/detail?group=',
  '/api/groups/lag?group=',
  '/api/dead-letters/messages?group=',
  '/api/retries?group=',
];

test.describe('bad input is a 400 with the next step and sends nothing', () => {
  for (const [what, name] of ILLEGAL_NAMES) {
    test(`C13 ${what} as a topic or group`, async ({ quiet }) => {
      for (const path of NAMED) await refusedWithoutFrame(quiet, `${path}${name}`, {});
      const group = decodeURIComponent(name);
      for (const [path, body] of [
        ['/api/plans/reset', { group, topic: 'orders-paid', to: { kind: 'earliest' } }],
        ['/api/plans/reset', { group: 'some-group', topic: group, to: { kind: 'earliest' } }],
        ['/api/plans/redrive', { group, select: { all: true }, target: { kind: 'group' } }],
        ['/api/plans/purge', { group }],
        ['/api/plans/handle', { group, select: { all: true } }],
        ['/api/plans/reopen', { group, select: { all: true } }],
        ['/api/plans/export', { group, select: { all: true } }],
      ] as const)
        await refusedWithoutFrame(quiet, path, json(body));
    });
  }

  for (const [what, path] of [
    ['a malformed escape', '/api/topics/detail?topic=%zz'],
    ['a cut escape', '/api/groups/detail?group=abc%'],
    ['an escape that is no UTF-8', '/api/topics/detail?topic=%E0%A4%A'],
    ['a missing name', '/api/topics/detail'],
    ['a name given twice', '/api/topics/detail?topic=a&topic=b'],
    ['a record id without offset', '/api/messages/detail?id=broker-a'],
    ['a record id with letters', '/api/messages/detail?id=broker-a%3Aabc'],
    ['a record id for a body', '/api/messages/body?id=nonsense'],
    ['no trace id', '/api/trace?id='],
    ['a trace id of 513 characters', `/api/trace?id=${'7'.repeat(513)}`],
    ['a control character in a trace id', '/api/trace?id=ab%07c'],
    ['a malformed job id', `/api/jobs/detail?id=${q('../../etc/passwd')}`],
    ['a limit of nothing', '/api/topics?limit=0'],
    ['a limit beyond the largest', '/api/groups?limit=501'],
    ['a limit that is no number', '/api/dead-letters?limit=many'],
    ['an unknown order', '/api/topics?sort=-beauty'],
    ['a cursor of nowhere', '/api/topics?cursor=%21%21nonsense'],
  ] as const) {
    test(`${what} in an address`, ({ quiet }) => refusedWithoutFrame(quiet, path, {}));
  }

  const redrive = { group: 'some-group', target: { kind: 'group' } };
  for (const [what, path, body] of [
    ['an empty selection', '/api/plans/redrive', { ...redrive, select: { ids: [] } }],
    ['a malformed id in a selection', '/api/plans/redrive', { ...redrive, select: { ids: ['broker-a:1', 'nope'] } }],
    [
      'more than 1,000 ids',
      '/api/plans/redrive',
      { ...redrive, select: { ids: Array.from({ length: 1001 }, (_, n) => `broker-a:${n}`) } },
    ],
    ['a rate of nothing', '/api/plans/redrive', { ...redrive, select: { all: true }, rate: 0 }],
    ['a rate above the ceiling', '/api/plans/redrive', { ...redrive, select: { all: true }, rate: 501 }],
    [
      'a canary that waits a second',
      '/api/plans/redrive',
      { ...redrive, select: { all: true }, canary: { waitMs: 1000 } },
    ],
    ['a lag limit of nothing', '/api/plans/redrive', { ...redrive, select: { all: true }, lagLimit: 0 }],
    ['an unknown target', '/api/plans/redrive', { ...redrive, select: { all: true }, target: { kind: 'moon' } }],
    ['an empty selection to mark handled', '/api/plans/handle', { group: 'some-group', select: { ids: [] } }],
    [
      'a time in the future',
      '/api/plans/reset',
      { group: 'some-group', topic: 'some-topic', to: { kind: 'timestamp', at: Date.now() + HOUR_MS } },
    ],
    [
      'a time in words',
      '/api/plans/reset',
      { group: 'some-group', topic: 'some-topic', to: { kind: 'timestamp', at: 'yesterday' } },
    ],
    [
      'a time of 0, which brokers read as "the beginning"',
      '/api/plans/reset',
      { group: 'some-group', topic: 'some-topic', to: { kind: 'timestamp', at: 0 } },
    ],
    [
      'a time of -1, which brokers read as "skip everything"',
      '/api/plans/reset',
      { group: 'some-group', topic: 'some-topic', to: { kind: 'timestamp', at: -1 } },
    ],
    [
      'C17 an offset beyond what numbers hold',
      '/api/plans/reset',
      '{"group":"g","topic":"t","to":{"kind":"offsets","queues":[{"broker":"broker-a","queueId":0,"offset":9007199254740993}]}}',
    ],
    ['no queues', '/api/plans/reset', { group: 'g', topic: 't', to: { kind: 'offsets', queues: [] } }],
    ['no body', '/api/plans/purge', ''],
    ['half a body', '/api/plans/purge', '{"group":"some-gr'],
    ['a list', '/api/plans/purge', '[]'],
    ['C17 a hundred thousand brackets', '/api/plans/purge', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['C17 only __proto__', '/api/plans/purge', '{"__proto__":{"group":"some-group"}}'],
    ['C17 a name given twice', '/api/plans/purge', '{"group":"some-group","group":"other-group"}'],
    ['a job without a reason', '/api/jobs', { token: 'x', reason: ' ' }],
    ['a job without a token', '/api/jobs', { reason: 'because' }],
  ] as const) {
    test(`${what} in a body`, ({ quiet }) => refusedWithoutFrame(quiet, path, json(body)));
  }

  test('C13 a name longer than servers read addresses', async ({ quiet }) => {
    quiet.wire.clear();
    const answer = await quiet.api
      .ask(`/api/topics/detail?topic=${'x'.repeat(1_000_000)}`)
      .catch(() => ({ status: 431 }));
    expect([400, 414, 431]).toContain(answer.status);
    expect(quiet.wire.frames).toEqual([]);
  });
});

test.describe('what does not exist is a 404 after at most one live look-up', () => {
  for (const [what, path] of [
    ['topic', '/api/topics/detail?topic='],
    ['group', '/api/groups/detail?group='],
    ['lag of a group', '/api/groups/lag?group='],
    ['dead letters of a group', '/api/dead-letters/messages?group='],
    ['retries of a group', '/api/retries?group='],
  ] as const) {
    test(what, async ({ quiet, unique }) => {
      quiet.wire.clear();
      expectFault(await quiet.api.ask(`${path}${unique('nobody')}`), 404);
      expectOneLookUp(quiet);
    });
  }

  for (const [what, path, body] of [
    ['reset plan', '/api/plans/reset', (group: string) => ({ group, topic: 'orders-paid', to: { kind: 'earliest' } })],
    [
      'redrive plan',
      '/api/plans/redrive',
      (group: string) => ({ group, select: { all: true }, target: { kind: 'group' } }),
    ],
    ['purge plan', '/api/plans/purge', (group: string) => ({ group })],
    ['handle plan', '/api/plans/handle', (group: string) => ({ group, select: { all: true } })],
    ['export plan', '/api/plans/export', (group: string) => ({ group, select: { all: true } })],
  ] as const) {
    test(`group of a ${what}`, async ({ quiet, unique }) => {
      quiet.wire.clear();
      expectFault(await quiet.api.post(path, body(unique('nobody'))), 404);
      expectOneLookUp(quiet);
    });
  }

  test('cluster, job and path', async ({ quiet }) => {
    quiet.wire.clear();
    expectFault(await quiet.api.ask('/api/topics?cluster=elsewhere'), 404);
    expectFault(await quiet.api.ask('/api/jobs/detail?id=01JAAAAAAAAAAAAAAAAAAAAAAA'), 404);
    expect((await quiet.api.ask('/api/no-such-thing')).status).toBe(404);
    expect(quiet.wire.frames).toEqual([]);
  });

  for (const path of [
    '/topics/detail?topic=',
    '/groups/detail?group=',
    '/dead-letters/group?group=',
    '/retries?group=',
  ]) {
    test(`a page of a name that nobody has or may have: ${path}`, async ({ quiet, unique }) => {
      for (const name of [unique('nobody'), 'a%20b', 'a%00b', q('a\u202eb'), 'x'.repeat(256)])
        expect((await quiet.api.ask(`${path}${name}`)).status, name).toBe(404);
      expect((await quiet.api.ask(`${path}%zz`)).status).toBe(400);
    });
  }

  test('an unknown topic names the nearest one', async ({ quiet, oracle, unique, api }) => {
    const topic = unique('shipments-booked');
    await oracle.createTopic(topic);
    await expect.poll(async () => (await api.look<{ total: number }>('/api/topics', { q: topic })).total).toBe(1);
    const answer = await api.ask(`/api/topics/detail?topic=${topic.replace('booked', 'boked')}`);
    expectFault(answer, 404);
    // The quiet console has never swept it.
    expect((await quiet.api.ask(`/api/topics/detail?topic=${topic}`)).status).toBe(200);
    expect(answer.body.hint).toContain(topic);
  });
});

/** One question to each server at the most, and none that changes anything. */
function expectOneLookUp({ wire }: Watched): void {
  const asked = wire.frames.filter((frame) => frame.direction === 'request');
  const perServerAndCode = new Map<string, number>();
  for (const { target, code } of asked) {
    const key = `${code} to ${target}`;
    perServerAndCode.set(key, (perServerAndCode.get(key) ?? 0) + 1);
  }
  expect([...perServerAndCode].filter(([, count]) => count > 1)).toEqual([]);
  expect(wire.writeFrames()).toEqual([]);
}

test.describe('what another site could send', () => {
  const body = JSON.stringify({ group: 'some-group' });
  const type = { 'content-type': 'application/json' };
  for (const [what, headers] of [
    ['another origin', { ...type, origin: 'https://evil.example' }],
    ['an origin of nothing', { ...type, origin: 'null' }],
    ['this host on another port', { ...type, origin: 'http://127.0.0.1:1' }],
    ['a cross-site request', { ...type, 'sec-fetch-site': 'cross-site' }],
    ['a same-site request', { ...type, 'sec-fetch-site': 'same-site' }],
  ] as const) {
    test(`C08 C09 ${what} writes nothing: 403`, async ({ quiet }) => {
      for (const path of ['/api/plans/purge', '/api/jobs', '/api/jobs/cancel'])
        await refusedWithoutFrame(quiet, path, { method: 'POST', headers, body }, 403);
    });
  }

  test('C09 a session and no origin writes nothing: 403', async ({ quiet }) => {
    const headers = { ...type, ...headersFor(`${quiet.url}/`) };
    for (const path of ['/api/plans/purge', '/api/jobs', '/api/jobs/cancel'])
      await refusedWithoutFrame(quiet, path, { method: 'POST', headers, body }, 403);
  });

  for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', '']) {
    test(`C10 ${type || 'no type'} as the type of a body: 415`, ({ quiet }) =>
      refusedWithoutFrame(
        quiet,
        '/api/plans/purge',
        { method: 'POST', body, headers: type ? { 'content-type': type } : {} },
        415,
      ));
  }

  test('a foreign Host header: 421 on pages, API, health and files of the API', async ({ quiet }) => {
    quiet.wire.clear();
    for (const host of ['evil.example', '169.254.169.254', 'localhost.evil.example:8080', '127.0.0.1.evil.example']) {
      for (const path of ['/', '/topics', '/api/topics', '/healthz', '/readyz', '/api/openapi.json']) {
        const answer = await quiet.api.ask(path, { headers: { host } });
        expect(answer.status, `${host}${path}`).toBe(421);
        expect(answer.text).not.toContain('broker-a');
      }
      const write = await quiet.api.ask('/api/plans/purge', { method: 'POST', headers: { ...type, host }, body });
      expectFault(write, 421);
    }
    expect(quiet.wire.frames).toEqual([]);
  });

  test('localhost and [::1] are names of this machine', async ({ quiet }) => {
    const { port } = new URL(quiet.url);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      expect((await quiet.api.ask('/api/clusters', { headers: { host } })).status, host).toBe(200);
  });

  test('a write as curl and as the console itself send it passes the gate', async ({ quiet, unique }) => {
    const gone = { group: unique('nobody') };
    expectFault(await quiet.api.post('/api/plans/purge', gone), 404);
    const { cookie } = { cookie: '', ...headersFor(`${quiet.url}/`) };
    const same = { origin: quiet.url, 'sec-fetch-site': 'same-origin', cookie: `theme=dark; ${cookie}` };
    expectFault(await quiet.api.post('/api/plans/purge', gone, same), 404);
  });
});

test.describe('methods and sizes', () => {
  const MUTATING = [
    '/api/plans/reset',
    '/api/plans/redrive',
    '/api/plans/purge',
    '/api/plans/handle',
    '/api/plans/reopen',
    '/api/plans/export',
    '/api/jobs/pause',
    '/api/jobs/resume',
    '/api/jobs/cancel',
    '/api/jobs/acknowledge',
  ];
  test('C11 GET and HEAD of what writes: 405, whatever header asks to override it', async ({ quiet }) => {
    quiet.wire.clear();
    for (const path of MUTATING) {
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
        const headers = { 'x-http-method-override': 'POST' };
        expect((await quiet.api.ask(`${path}?_method=POST`, { method, headers })).status, `${method} ${path}`).toBe(
          405,
        );
      }
    }
    expect(quiet.wire.frames).toEqual([]);
  });

  test('POST to what only reads: 405', async ({ quiet }) => {
    expect((await quiet.api.post('/api/topics', {})).status).toBe(405);
  });

  test('C16 a body over the limit: 413, with a length, without one, and by far', async ({ quiet }) => {
    const large = (bytes: number) => json({ group: 'x'.repeat(bytes) });
    await refusedWithoutFrame(quiet, '/api/plans/purge', large(256 * 1024), 413);
    await refusedWithoutFrame(quiet, '/api/plans/purge', { ...large(256 * 1024), isChunked: true }, 413);
    await refusedWithoutFrame(quiet, '/api/plans/purge', large(11 * 1024 * 1024), 413);
  });

  test('C26 a job without a plan: 409', async ({ quiet }) => {
    for (const token of ['x', 'a.b.c', `${'A'.repeat(200)}.${'B'.repeat(43)}`])
      await refusedWithoutFrame(quiet, '/api/jobs', json({ token, reason: 'I have no plan' }), 409);
  });

  test('a malformed Idempotency-Key: 400', ({ quiet }) =>
    refusedWithoutFrame(
      quiet,
      '/api/jobs',
      json({ token: 'x', reason: 'I have no plan' }, { 'idempotency-key': 'two words' }),
    ));
});

test.describe('legal names that look illegal', () => {
  test('C14 % and | of topics and groups come back as they are', async ({ api, oracle, unique }) => {
    const topic = `${unique('shop|legacy')}%import`;
    const group = `${unique('legacy|50')}%00`;
    await oracle.createTopic(topic);
    await oracle.createGroup(group);
    await oracle.send(topic, [{ keys: 'P-1', body: 'one' }]);
    await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count: 1 });
    await expect
      .poll(async () => (await api.look<{ items: { group: string }[] }>('/api/groups', { q: group })).items)
      .toEqual([expect.objectContaining({ group })]);
    // The dead-letter topic is young: not every NameServer may have heard of it.
    for (const name of [topic, `%DLQ%${group}`, `%RETRY%${group}`])
      await expect.poll(() => api.look('/api/topics/detail', { topic: name })).toMatchObject({ topic: name });
    await expect.poll(() => api.look('/api/groups/detail', { group })).toMatchObject({ group });
    await expect.poll(() => api.look('/api/groups/lag', { group, topic })).toMatchObject({ group });
    await expect
      .poll(() => api.look('/api/dead-letters/messages', { group }))
      .toMatchObject({
        group,
        topic: `%DLQ%${group}`,
        items: [expect.objectContaining({ originTopic: topic, keys: ['P-1'] })],
      });
  });
});

test.describe('what every answer carries', () => {
  const ALWAYS = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
  };
  for (const path of ['/', '/topics', '/groups', '/dead-letters', '/api/topics', '/api/topics/detail?topic=%zz']) {
    test(`C44 ${path}`, async ({ quiet }) => {
      const { headers } = await quiet.api.ask(path);
      expect(headers).toMatchObject({
        ...ALWAYS,
        'cache-control': expect.stringContaining('no-store'),
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('server');
    });
  }

  test('C44 a nonce that is new each time and no inline script without it', async ({ quiet }) => {
    const nonces = new Set<string>();
    for (const path of ['/', '/', '/topics']) {
      const { headers, text } = await quiet.api.ask(path);
      const policy = String(headers['content-security-policy']);
      const nonce = /script-src[^;]*'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      expect(nonce.length).toBeGreaterThanOrEqual(22);
      nonces.add(nonce);
      expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
      for (const [tag] of text.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);
    }
    expect(nonces.size).toBe(3);
  });
});

test.describe('health and description', () => {
  test('C43 healthz and readyz say one word and nothing else', async ({ quiet }) => {
    expect((await quiet.api.ask('/healthz')).text).toBe('{"status":"ok"}');
    expect((await quiet.api.ask('/readyz')).text).toBe('{"status":"ready"}');
    for (const path of ['/healthz', '/readyz', '/robots.txt', '/no-such-page', '/metrics']) {
      const { text, headers } = await quiet.api.ask(path);
      expect(text, path).not.toMatch(/broker-a|DemoCluster|\/tmp\/|node_modules|Next\.js \d|"version"/);
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });

  test('openapi.json lists every path that exists, and every path it lists exists', async ({ quiet }) => {
    const document = await quiet.api.get<{ openapi: string; paths: Record<string, Record<string, unknown>> }>(
      '/api/openapi.json',
    );
    expect(document.openapi).toMatch(/^3\.1/);
    for (const path of MENTIONED) expect(Object.keys(document.paths)).toContain(path);
    for (const [path, methods] of Object.entries(document.paths)) {
      if ('get' in methods) expect((await quiet.api.ask(`${path}?`)).status, path).not.toBe(404);
      if ('post' in methods) {
        // These take nothing; a token has no session that they would end.
        if (!['/api/sign-out', '/api/me/raise/end'].includes(path)) expectFault(await quiet.api.post(path, {}), 400);
        expect(methods.post).toHaveProperty('requestBody');
      }
    }
  });
  /** Product §6, as far as the six jobs need it. */
  const MENTIONED = [
    '/api/clusters',
    '/api/topics',
    '/api/topics/detail',
    '/api/groups',
    '/api/groups/detail',
    '/api/groups/lag',
    '/api/retries',
    '/api/dead-letters',
    '/api/dead-letters/messages',
    '/api/messages/detail',
    '/api/messages/body',
    '/api/trace',
    '/api/audit',
    '/api/jobs',
    '/api/jobs/detail',
    '/api/jobs/events',
    '/api/jobs/export',
    '/api/jobs/pause',
    '/api/jobs/resume',
    '/api/jobs/cancel',
    '/api/jobs/acknowledge',
    '/api/plans/reset',
    '/api/plans/redrive',
    '/api/plans/purge',
    '/api/plans/handle',
    '/api/plans/reopen',
    '/api/plans/export',
  ];
});
