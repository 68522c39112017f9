import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { LettersReply } from '@/lib/contract/dead-letters';
import { expect, test } from './fixtures';
import { ended, makePlan, startJob } from './harness/jobs';
import { rssBytes } from './harness/rss';
import { headersFor, personAt } from './sign-in';

const MIB = 1024 * 1024;
const GZIP = 0x1f;
const JSON_TYPE = { 'content-type': 'application/json' };
const q = encodeURIComponent;

test('C13 a lone half of a character is no name', async ({ quiet }) => {
  quiet.wire.clear();
  for (const address of ['/api/topics/detail?topic=', '/api/groups/detail?group=', '/api/retries?group='])
    expect((await quiet.api.ask(`${address}a%ED%A0%80b`)).status, address).toBe(400);
  const body = '{"group":"a\\ud800b"}';
  expect((await quiet.api.ask('/api/plans/purge', { method: 'POST', headers: JSON_TYPE, body })).status).toBe(400);
  expect(quiet.wire.frames).toEqual([]);
});

test('C14 the longest names there may be round-trip in addresses, on pages and in exports', async ({
  page,
  api,
  oracle,
  unique,
  watched,
}) => {
  test.setTimeout(240_000);
  const fill = (name: string, length: number) => name.padEnd(length, '-%|_x');
  const topic = fill(unique('t'), 127);
  // What RocketMQ puts in front is beyond 127.
  const group = fill(unique('g'), 120);
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  await oracle.send(topic, [{ keys: 'LONG-1', body: 'one' }]);
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count: 1 });
  let ids: string[] = [];
  await expect
    .poll(async () => {
      const { items = [] } = await api.look<LettersReply>('/api/dead-letters/messages', { group });
      ids = items.map(({ id }) => id);
      return items.map(({ originTopic }) => originTopic);
    })
    .toEqual([topic]);
  for (const name of [topic, `%DLQ%${group}`, `%RETRY%${group}`])
    await expect.poll(() => api.look('/api/topics/detail', { topic: name })).toMatchObject({ topic: name });
  await page.goto(`/topics/detail?topic=${q(topic)}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(topic);
  await page.goto(`/dead-letters/group?group=${q(group)}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(group);
  await page.goto(`/groups?q=${q(group)}`);
  await page.getByRole('link', { name: group }).click();
  await expect(page).toHaveURL(new RegExp(q(q(group)).replaceAll('%25', '%').replaceAll('|', '\\|')));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(group);
  for (const format of ['csv', 'jsonl']) {
    const plan = await makePlan(api, 'export', { group, select: { ids }, format });
    const { id } = await ended(api, (await startJob(api, plan)).id);
    const address = `${watched.url}/api/jobs/export?id=${id}`;
    const bytes = Buffer.from(await (await fetch(address, { headers: headersFor(address) })).arrayBuffer());
    expect(bytes[0] === GZIP ? gunzipSync(bytes).toString() : bytes.toString()).toContain(topic);
  }
});

test('C15 a malformed escape anywhere in an address is a 400', { tag: '@turn-3' }, async ({ quiet }) => {
  const { paths } = await quiet.api.get<{ paths: Record<string, unknown> }>('/api/openapi.json');
  const malformed = ['%', '%z', '%zz', '%c3%28', '%ED%A0%80', '%E0%A4%A', '%ff'];
  quiet.wire.clear();
  for (const address of [
    ...Object.keys(paths),
    '/api/nothing',
    '/',
    '/topics',
    '/groups/detail',
    '/jobs/x',
    '/sign-in',
  ])
    for (const method of address.startsWith('/api/') ? ['GET', 'POST'] : ['GET'])
      for (const bad of malformed.slice(0, method === 'GET' ? undefined : 1))
        for (const where of [`${address}?group=${bad}`, `${address}?${bad}=1`]) {
          const answer = await quiet.api.ask(where, { method, headers: method === 'POST' ? JSON_TYPE : {} });
          expect(answer.status, `${method} ${where}`).toBe(400);
        }
  for (const bad of malformed)
    for (const where of [`/api/${bad}`, `/${bad}`, `/jobs/${bad}`, `/api/groups/${bad}`, `/_next/${bad}`]) {
      const { status, text } = await quiet.api.ask(where);
      expect(status, where).toBe(400);
      expect(text, where).not.toMatch(/at \w+ \(|node_modules/);
    }
  expect(quiet.wire.frames).toEqual([]);
});

/** Bytes as they are; answers the status line, or '' when the connection ends without one. */
function speak(url: string, head: string, body: string, { ends }: { ends: boolean }): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let said = '';
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, () => {
      socket.write(head + body);
      if (ends) socket.end();
    });
    socket.on('data', (chunk) => {
      said += chunk;
      socket.end();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said.split('\r\n')[0] ?? ''));
    socket.on('end', () => socket.end());
  });
}

test('C16 bodies beyond the limit are refused without being kept, and half of one is never taken for the whole', async ({
  quiet,
}) => {
  test.setTimeout(120_000);
  const { paths } = await quiet.api.get<{ paths: Record<string, { post?: unknown }> }>('/api/openapi.json');
  const writes = Object.keys(paths).filter((address) => paths[address]?.post);
  const LIMIT = 256 * 1024;
  const bodyOf = (bytes: number) => `{"group":"${'x'.repeat(bytes - 12)}"}`;
  const ask = (address: string, bytes: number, isChunked = false) =>
    quiet.api.ask(address, { method: 'POST', headers: JSON_TYPE, body: bodyOf(bytes), isChunked });
  quiet.wire.clear();
  expect((await ask('/api/plans/purge', LIMIT)).status, 'just as large as it may be').toBe(400);
  const before = rssBytes(quiet.pid);
  let most = 0;
  for (const address of writes.filter((each) => each !== '/api/plans/redrive')) {
    for (const isChunked of [false, true]) {
      const { status, body } = await ask(address, LIMIT + 1, isChunked);
      expect([status, body.code], `${address} ${isChunked}`).toEqual([413, 'too_large']);
    }
    most = Math.max(most, rssBytes(quiet.pid));
  }
  for (const isChunked of [false, true])
    for (let n = 0; n < 10; n++) {
      const address = n % 2 ? '/api/plans/redrive' : '/api/plans/purge';
      const { status } = await ask(address, 11 * MIB, isChunked);
      expect(status, address).toBe(413);
      most = Math.max(most, rssBytes(quiet.pid));
    }
  expect(most - before).toBeLessThan(64 * MIB);

  const { authorization = '' } = personAt(quiet.url)?.api ?? {};
  const head = (more: string) =>
    [
      'POST /api/plans/purge HTTP/1.1',
      `Host: ${new URL(quiet.url).host}`,
      `Authorization: ${authorization}`,
      'Content-Type: application/json',
      more,
      '\r\n',
    ].join('\r\n');
  const whole = '{"group":"some-group"}';
  // Longer than said: the rest is no part of it. Shorter: it never becomes whole.
  expect(await speak(quiet.url, head(`Content-Length: ${whole.length - 1}`), whole, { ends: true })).toMatch(/ 400 /);
  for (const more of [`Content-Length: ${whole.length + 10}`, 'Transfer-Encoding: chunked'])
    expect(
      await speak(quiet.url, head(more), more.startsWith('T') ? `16\r\n${whole}\r\n` : whole, { ends: true }),
    ).toMatch(/^$| 400 /);
  const both = `Content-Length: 5\r\nTransfer-Encoding: chunked`;
  expect(await speak(quiet.url, head(both), `16\r\n${whole}\r\n0\r\n\r\n`, { ends: true })).toMatch(/^$| 400 /);
  expect(quiet.wire.frames).toEqual([]);
  expect((await quiet.api.ask('/healthz')).status).toBe(200);
});

test('C17 what JSON can be abused for changes nothing', async ({ quiet }) => {
  const send = (body: string, address = '/api/plans/purge') =>
    quiet.api.ask(address, { method: 'POST', headers: JSON_TYPE, body });
  quiet.wire.clear();
  const reset = (offset: string) =>
    `{"group":"g","topic":"t","to":{"kind":"offsets","queues":[{"broker":"broker-a","queueId":0,"offset":${offset}}]}}`;
  for (const [body, address] of [
    ['{"group":"some-group","group":"other-group"}'],
    ['{"group":"some-group","gr\\u006fup":"other-group"}'],
    ['{"select":{"all":true,"all":false},"group":"g"}', '/api/plans/handle'],
    ['{"__proto__":{"group":"some-group"}}'],
    ['{"constructor":{"prototype":{"group":"some-group"}}}'],
    ['['.repeat(100_000) + ']'.repeat(100_000)],
    ['{"a":'.repeat(40_000) + 1 + '}'.repeat(40_000)],
    [reset('9007199254740993'), '/api/plans/reset'],
    [reset('1e400'), '/api/plans/reset'],
    [reset('1.5'), '/api/plans/reset'],
    [reset('-1'), '/api/plans/reset'],
    [reset('"5"'), '/api/plans/reset'],
  ] as const) {
    const answer = await send(body, address);
    expect(answer.status, body.slice(0, 80)).toBe(400);
  }
  // Nobody who asks afterwards has a group, or any right, that was only claimed.
  const polluting = [
    '{"__proto__":{"group":"crm-sync","all":true}}',
    '{"constructor":{"prototype":{"group":"crm-sync"}}}',
  ];
  for (const body of polluting) await send(body);
  expect((await send('{}')).status).toBe(400);
  expect((await send('{"select":{}}', '/api/plans/handle')).status).toBe(400);
  expect((await quiet.api.ask('/api/groups', { isAnonymous: true })).status).toBe(401);
  expect(quiet.wire.frames).toEqual([]);
});
