import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from '@playwright/test';
import { expect, test } from './fixtures';
import { type ApiAnswer, apiOf } from './harness/api';
import { startNewConsole } from './harness/new-console';
import { startGuard } from './sandbox/guard';
import { headersFor } from './sign-in';

const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': expect.stringMatching(/camera=\(\).*geolocation=\(\).*microphone=\(\)/),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
const JSON_TYPE = { 'content-type': 'application/json' };

const PAGES = [
  '/',
  '/topics',
  '/topics/detail?topic=orders-paid',
  '/groups',
  '/groups/detail?group=crm-sync',
  '/retries',
  '/dead-letters',
  '/dead-letters/group?group=crm-sync',
  '/messages',
  '/trace',
  '/jobs',
  '/jobs/01M81V1JR3GC7BZN84XCPEEA3N',
  '/offsets/reset',
  '/audit',
  '/settings',
  '/settings/account',
  '/settings/people',
  '/settings/permissions',
  '/settings/tokens',
  '/sign-in',
  '/setup',
  '/no/such/page',
  '/groups/detail?group=nobody-ever',
  '/groups?q=%zz',
];

test('C44 every answer carries the headers of its kind', async ({ quiet }) => {
  const nonces = new Set<string>();
  let withNonce = 0;
  const expectPage = ({ headers, status, text }: ApiAnswer, what: string) => {
    expect(headers, what).toMatchObject({ ...ALWAYS, 'cache-control': expect.stringContaining('no-store') });
    const policy = String(headers['content-security-policy']);
    for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"])
      expect(policy, what).toContain(part);
    expect(policy, what).not.toMatch(/'unsafe-(inline|eval)'/);
    if (status === 400) return;
    const nonce = /script-src[^;]*'nonce-([^']{22,})'/.exec(policy)?.[1] ?? '';
    expect(nonce, what).not.toBe('');
    nonces.add(nonce);
    withNonce += 1;
    for (const [tag] of text.matchAll(/<script\b[^>]*>/g)) expect(tag, what).toContain(`nonce="${nonce}"`);
  };
  for (const page of PAGES)
    for (const isAnonymous of [false, true]) expectPage(await quiet.api.ask(page, { isAnonymous }), page);
  expect(nonces.size).toBe(withNonce);

  const large = `{"group":"${'x'.repeat(300_000)}"}`;
  const post = (address: string, body: string, headers: Record<string, string> = JSON_TYPE) =>
    quiet.api.ask(address, { method: 'POST', headers, body });
  const { cookie = '' } = headersFor(`${quiet.url}/`);
  const answers: [string, number, Promise<ApiAnswer>][] = [
    ['200', 200, quiet.api.ask('/api/groups')],
    ['openapi', 200, quiet.api.ask('/api/openapi.json')],
    ['stream', 200, quiet.api.ask('/api/audit/verify')],
    ['download', 200, quiet.api.ask('/api/audit/export')],
    ['400', 400, quiet.api.ask('/api/groups?limit=0')],
    ['malformed escape', 400, quiet.api.ask('/api/groups?q=%zz')],
    ['401', 401, quiet.api.ask('/api/groups', { isAnonymous: true })],
    ['403', 403, post('/api/plans/purge', '{}', { ...JSON_TYPE, cookie })],
    ['404', 404, quiet.api.ask('/api/nothing')],
    ['405', 405, quiet.api.ask('/api/plans/purge')],
    ['413', 413, post('/api/plans/purge', large)],
    ['415', 415, post('/api/plans/purge', '{}', { 'content-type': 'text/plain' })],
    ['421', 421, quiet.api.ask('/api/groups', { headers: { host: 'evil.example' } })],
    ['healthz', 200, quiet.api.ask('/healthz', { isAnonymous: true })],
    ['readyz', 200, quiet.api.ask('/readyz', { isAnonymous: true })],
    ['options', 405, quiet.api.ask('/api/groups', { method: 'OPTIONS' })],
  ];
  for (const [what, status, asked] of answers) {
    const answer = await asked;
    expect(answer.status, what).toBe(status);
    expect(answer.headers, what).toMatchObject({
      ...ALWAYS,
      'cache-control': expect.stringContaining('no-store'),
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(answer.headers, what).not.toHaveProperty('x-powered-by');
    expect(answer.headers, what).not.toHaveProperty('access-control-allow-origin');
    expect(answer.headers, what).not.toHaveProperty('strict-transport-security');
  }
  const { text } = await quiet.api.ask('/sign-in', { isAnonymous: true });
  const script = /src="(\/_next\/static\/[^"]+\.js)"/.exec(text)?.[1] ?? '';
  for (const file of [script, '/icon.svg'])
    expect((await quiet.api.ask(file, { isAnonymous: true })).headers, file).toMatchObject(ALWAYS);
});

test('C44 reached by HTTPS, every answer says to stay there', async ({ cluster }) => {
  const guard = startGuard();
  const console_ = await startNewConsole(cluster, guard, 'https', {
    env: { REDRIVE_ORIGIN: 'https://redrive.example', REDRIVE_BEHIND_TLS: 'true' },
  });
  const api = apiOf(() => console_.url);
  const headers = { host: 'redrive.example' };
  for (const address of ['/', '/sign-in', '/api/groups', '/api/nothing', '/healthz', '/icon.svg', '/no/such/page'])
    expect((await api.ask(address, { isAnonymous: true, headers })).headers, address).toMatchObject({
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8,}/),
    });
  await console_.kill();
  await guard.close();
});

test('C12 no page can be put into a frame of another site', async ({ quiet }) => {
  const server = createServer(({ url = '' }, response) => {
    const page = decodeURIComponent(url.slice(2));
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>bait</title><iframe src="${quiet.url}${page}"></iframe>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bait = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?`;
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({
      executablePath: process.env.PLAYWRIGHT_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
      args: ['--no-sandbox'],
    });
    const context = await browser.newContext();
    const { cookie = '' } = headersFor(`${quiet.url}/`);
    const [name = '', value = ''] = cookie.split('=', 2);
    await context.addCookies([{ name, value, url: quiet.url.replace('http:', 'https:'), secure: true }]);
    const page = await context.newPage();
    // By itself it can be seen: the frame is what is refused.
    await page.goto(`${quiet.url}/groups`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    for (const target of ['/', '/groups', '/jobs', '/sign-in', '/setup', '/api/groups', '/healthz', '/no/such/page']) {
      const refusals: string[] = [];
      page.removeAllListeners('console');
      page.on('console', (message) => refusals.push(message.text()));
      await page.goto(bait + encodeURIComponent(target));
      await expect.poll(() => refusals.join(' '), { message: target }).toMatch(/frame-ancestors/);
      await expect.poll(() => page.frames()[1]?.url(), { message: target }).toBe('chrome-error://chromewebdata/');
      expect(await page.frames()[1]?.locator('body').textContent(), target).not.toMatch(
        /Redrive|unauthenticated|items|status/,
      );
    }
  } finally {
    await browser?.close();
    server.close();
  }
});
