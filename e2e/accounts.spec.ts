import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from './console';
import { expect, test } from './fixtures';
import { type Api, type ApiAnswer, type ApiFault, apiOf } from './harness/api';
import { type NewConsole, setupSecret, startNewConsole } from './harness/new-console';
import { type Guard, startGuard } from './sandbox/guard';
import { ROOT } from './sandbox/paths';
import { headersFor } from './sign-in';

/** Signing in, sessions, tokens and what each may do; C… are the controls of the threat model. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];
const JSON_TYPE = { 'content-type': 'application/json' };

interface Described {
  paths: Record<string, Record<string, unknown>>;
}
const described = async (api: Api): Promise<Described['paths']> =>
  (await api.get<Described>('/api/openapi.json')).paths;

const post = (
  api: Api,
  address: string,
  json: object,
  headers: Record<string, string> = {},
): Promise<ApiAnswer<ApiFault>> =>
  api.ask(address, {
    method: 'POST',
    isAnonymous: true,
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify(json),
  });

const cookieIn = (answer: ApiAnswer): string => [answer.headers['set-cookie']].flat()[0]?.split(';')[0] ?? '';
const PASSWORD = 'a long enough password';

/** Addresses of all pages in this folder of `app`; an id that is part of one is made up. */
const pagesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'page.tsx')
    .map((file) => `/${path.dirname(file)}`.replace(/\/\.$/, '/').replace(/\[\w+\]/, '01M81V1JR3GC7BZN84XCPEEA3N'));

test.describe('who has not signed in', () => {
  const HEADERS: Record<string, string>[] = [
    {},
    ...['middleware', 'src/middleware', 'proxy', 'src/proxy', Array(6).fill('middleware').join(':')].map((value) => ({
      'x-middleware-subrequest': value,
    })),
    {
      'x-middleware-next': '1',
      'x-middleware-rewrite': '/healthz',
      'x-nextjs-data': '1',
      'x-now-route-matches': '1=a',
    },
    { 'x-redrive-peer': '10.0.0.1', 'x-redrive-address': '/', authorization: 'Bearer redrive_0000000000000000000000' },
    { cookie: '__Host-redrive=1; __Host-redrive-8080=1', authorization: 'Basic YWRtaW46YWRtaW4=' },
  ];

  test('C01 C03 gets the same 401 from every address and method, and nothing is sent', { tag: '@turn-1' }, async ({
    quiet,
  }) => {
    const paths = await described(quiet.api);
    const open = ['/api/sign-in', '/api/sign-in/oidc', '/api/sign-in/oidc/finish', '/api/setup'];
    const addresses = [
      ...Object.keys(paths).filter((each) => !open.includes(each)),
      '/api/openapi.json',
      '/api/nothing',
    ];
    quiet.wire.clear();
    for (const address of addresses)
      for (const query of ['', '?group=crm-sync&nxtPpath=a'])
        for (const headers of query === '' ? HEADERS : [{}])
          for (const method of Object.keys(headers).length === 0 ? METHODS : ['GET', 'POST']) {
            const answer = await quiet.api.ask(address + query, { method, headers, isAnonymous: true });
            const what = `${method} ${address}${query} ${JSON.stringify(headers)}`;
            expect(answer.status, what).toBe(401);
            if (method !== 'HEAD') expect(answer.body, what).toMatchObject({ code: 'unauthenticated' });
          }
    const [known, unknown] = await Promise.all(
      ['crm-sync', 'nobody-ever'].map((group) =>
        quiet.api.ask<ApiFault>(`/api/groups/detail?group=${group}`, { isAnonymous: true }),
      ),
    );
    expect({ ...known?.body, requestId: '' }).toEqual({ ...unknown?.body, requestId: '' });
    expect(quiet.wire.frames).toEqual([]);
  });

  test('C02 C03 is sent from every page to the sign-in, without a name of anything', async ({ quiet }) => {
    const named: Record<string, string> = {
      '/groups/detail': '?group=crm-sync',
      '/topics/detail': '?topic=orders-paid',
      '/dead-letters/group': '?group=crm-sync',
    };
    const pages = pagesOf(path.join(ROOT, 'app/(console)')).map((page) => page + (named[page] ?? ''));
    expect(pages.length).toBeGreaterThan(15);
    const ways: [string, Record<string, string>][] = [
      ['', {}],
      ['_rsc=1', {}],
      ['', { RSC: '1' }],
      ['', { RSC: '1', 'Next-Router-Prefetch': '1' }],
      ['', { RSC: '1', 'Next-Router-Prefetch': '1', 'Next-Router-Segment-Prefetch': '/_tree' }],
      ['', { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' }],
      ['nxtPid=a&nxtIid=b', { 'x-nextjs-data': '1', 'x-now-route-matches': '1=a' }],
    ];
    quiet.wire.clear();
    for (const page of pages)
      for (const [query, headers] of ways) {
        const address = query ? page + (page.includes('?') ? '&' : '?') + query : page;
        const answer = await quiet.api.ask(address, { headers, isAnonymous: true });
        const what = `${address} ${JSON.stringify(headers)}`;
        const asked = decodeURIComponent(page);
        const text = answer.text.replaceAll('\\u0026', '&');
        for (const name of ['orders-fulfilment', 'inventory-sync', 'broker-a', 'visits-closed'])
          expect(text.includes(name) && !asked.includes(name), `${what} names ${name}`).toBe(false);
        const isSentAway = answer.status === 307 || /\/sign-in/.test(text) || answer.status === 401;
        expect(isSentAway, `${what} answers ${answer.status}`).toBe(true);
      }
    expect(quiet.wire.frames).toEqual([]);
  });

  test('C02 no other form of a page leaves more', async ({ quiet }) => {
    quiet.wire.clear();
    for (const page of pagesOf(path.join(ROOT, 'app/(console)')))
      for (const address of [
        `${page === '/' ? '/index' : page}.rsc`,
        `${page === '/' ? '/index' : page}.rsc?_rsc=1`,
        `${page === '/' ? '/index' : page}.segments/_tree.segment.rsc`,
        `${page === '/' ? '/index' : page}.segments/_full.segment.rsc`,
        `/_next/data/x${page}.json`,
      ]) {
        const { status, text } = await quiet.api.ask(address, { isAnonymous: true });
        for (const name of ['crm-sync', 'orders-fulfilment', 'inventory-sync', 'broker-a', 'visits-closed'])
          expect(text.includes(name), `${address} names ${name}`).toBe(false);
        expect([200, 307, 400, 404], address).toContain(status);
      }
    expect(quiet.wire.frames).toEqual([]);
  });

  test('C03 is kept out by the handlers themselves, also where proxy.ts is gone from the build', async ({
    cluster,
  }) => {
    test.setTimeout(240_000);
    const guard = startGuard();
    const copy = path.join(cluster.scratch, `no-proxy-${process.pid}`);
    cpSync(path.join(ROOT, '.next/standalone'), copy, { recursive: true });
    const built = path.join(copy, '.next/server');
    rmSync(path.join(built, 'middleware.js'));
    writeFileSync(path.join(built, 'functions-config-manifest.json'), '{"version":1,"functions":{}}');
    const port = String(await freePort(18_860 + (process.pid % 100)));
    const child = spawn(process.execPath, ['server.js'], {
      cwd: copy,
      stdio: 'ignore',
      env: {
        ...process.env,
        NODE_ENV: 'production',
        HOSTNAME: '127.0.0.1',
        PORT: port,
        NAMESRV_ADDR: cluster.nameServers.join(';'),
        REDRIVE_DATA_DIR: `${copy}-data`,
      },
    });
    if (child.pid) guard.watch(child.pid);
    const api = apiOf(() => `http://127.0.0.1:${port}`);
    const ask = (address: string, headers: Record<string, string> = {}) =>
      api.ask(address, { isAnonymous: true, headers });
    await expect
      .poll(
        () =>
          ask('/readyz').then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .toBe(200);
    // Without it no page has a policy: it is really gone.
    expect((await ask('/sign-in')).headers).not.toHaveProperty('content-security-policy');
    for (const page of pagesOf(path.join(ROOT, 'app/(console)')))
      for (const headers of page === '/groups' ? HEADERS : HEADERS.slice(0, 2)) {
        const { status, text } = await ask(page, headers);
        expect(status === 307 || /\/sign-in/.test(text), `${page} ${JSON.stringify(headers)} ${status}`).toBe(true);
        expect(text, page).not.toMatch(/crm-sync|orders-fulfilment|broker-a/);
      }
    for (const address of ['/api/groups', '/api/topics', '/api/clusters', '/api/accounts', '/api/audit'])
      for (const headers of HEADERS) expect((await ask(address, headers)).status, address).toBe(401);
    child.kill();
    await guard.close();
  });

  test('C43 learns nothing about the console from what is open', async ({ quiet }) => {
    for (const address of [
      '/healthz',
      '/readyz',
      '/metrics',
      '/robots.txt',
      '/favicon.ico',
      '/icon.svg',
      '/nothing/here',
    ]) {
      const { text, headers } = await quiet.api.ask(address, { isAnonymous: true });
      expect(text + JSON.stringify(headers), address).not.toMatch(
        /broker-|orders-|crm-sync|16\.4|node_modules|at \w+ \(|x-powered-by/i,
      );
    }
  });
});

test('C08 C09 C10 a write with a cookie needs proof of where it comes from, and JSON', async ({ quiet }) => {
  const { cookie = '' } = headersFor(`${quiet.url}/`);
  const own = { cookie, origin: quiet.url, 'sec-fetch-site': 'same-origin' };
  const write = async (headers: Record<string, string>) =>
    (await quiet.api.ask('/api/plans/reset', { method: 'POST', headers, body: '{}' })).status;
  quiet.wire.clear();
  expect(await write({ ...JSON_TYPE, ...own })).toBe(400);
  expect(await write({ ...JSON_TYPE, cookie, origin: 'https://evil.example' })).toBe(403);
  for (const site of ['cross-site', 'same-site', 'none'])
    expect(await write({ ...JSON_TYPE, ...own, 'sec-fetch-site': site })).toBe(403);
  expect(await write({ ...JSON_TYPE, cookie })).toBe(403);
  for (const type of ['text/plain', 'multipart/form-data; boundary=a', 'application/x-www-form-urlencoded', ''])
    expect(await write({ ...own, 'content-type': type }), type).toBe(415);
  expect(quiet.wire.frames).toEqual([]);
});

test('C11 no write can be reached by another method than its own', async ({ quiet }) => {
  const paths = await described(quiet.api);
  quiet.wire.clear();
  for (const [address, methods] of Object.entries(paths)) {
    if (methods.get) continue;
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])
      expect((await quiet.api.ask(address, { method })).status, `${method} ${address}`).toBe(405);
    const disguised = { 'x-http-method-override': 'POST', 'x-method-override': 'POST', ...JSON_TYPE };
    expect((await quiet.api.ask(`${address}?_method=POST`, { headers: disguised })).status, address).toBe(405);
  }
  expect(quiet.wire.frames).toEqual([]);
});

test('C23 a new console has no account and no password: a link that works once makes the first', async ({
  page,
  cluster,
}) => {
  const guard = startGuard();
  const fresh = await startNewConsole(cluster, guard, 'new');
  const api = apiOf(() => fresh.url);
  const origin = { origin: fresh.url };
  const file = path.join(fresh.dataDir, 'setup-link.txt');
  const link = readFileSync(file, 'utf8').trim();
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(readFileSync(fresh.logFile, 'utf8')).toContain(link);
  for (const [name, password] of [
    ['admin', 'admin'],
    ['admin', ''],
    ['root', 'redrive'],
    ['rocketmq', 'rocketmq'],
  ] as const)
    expect((await post(api, '/api/sign-in', { name, password }, origin)).status, name).not.toBe(200);
  await page.goto(`${fresh.url}/`);
  await expect(page).toHaveURL(`${fresh.url}/sign-in`);
  await expect(page.getByText('Nobody can sign in yet')).toBeVisible();

  await page.goto(link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')));
  const create = page.getByRole('button', { name: 'Create administrator' });
  await page.getByLabel('User name').fill('ann');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await create.click();
  await expect(page.locator('.banner[role=alert]')).toContainText('The setup link is not valid');

  await page.goto('about:blank');
  await page.goto(link);
  await page.getByLabel('User name').fill('ann');
  await page.getByLabel('Password', { exact: true }).fill('too short');
  await create.click();
  await expect(page.locator('.banner[role=alert]')).toContainText('at least 12 characters');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await create.click();
  await expect(page.locator('.who')).toContainText('ann');
  expect(existsSync(file)).toBe(false);
  const again = { token: new URL(link).hash.slice(1), name: 'eve', password: PASSWORD };
  expect((await post(api, '/api/setup', again, origin)).status).toBe(403);
  await fresh.kill();
  await guard.close();
});

const IN_CLEAR = /in clear\. Give the console a certificate .*, or put a proxy that speaks TLS in front/;

test('C22 C23 only this machine reaches a console by default, and others never without TLS unless that is meant', async ({
  cluster,
}) => {
  const guard = startGuard();
  const fresh = await startNewConsole(cluster, guard, 'bound', { env: { HOST: '' } });
  const port = Number(new URL(fresh.url).port).toString(16).toUpperCase().padStart(4, '0');
  const listening = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${port}`))
      .map(([, local]) => local),
  );
  expect(listening).toEqual([`0100007F:${port}`]);
  await fresh.kill();
  for (const [env, sentence] of [
    [{}, /REDRIVE_ORIGIN does not say under what address/],
    [{ REDRIVE_ORIGIN: 'http://console.example' }, IN_CLEAR],
    [{ REDRIVE_ORIGIN: 'https://console.example' }, IN_CLEAR],
    [{ REDRIVE_ORIGIN: 'http://console.example', REDRIVE_BEHIND_TLS: 'true' }, /in clear/],
  ] as const) {
    const logFile = path.join(cluster.scratch, `unbound-${process.pid}.log`);
    rmSync(logFile, { force: true });
    const started = startNewConsole(cluster, guard, 'unbound', {
      logFile,
      mayDie: true,
      env: { HOST: '0.0.0.0', ...env },
    });
    await expect(started).rejects.toThrow(/ended with exit code 1/);
    await expect.poll(() => readFileSync(logFile, 'utf8')).toMatch(sentence);
  }
  await guard.close();
});

test.describe('somebody with an account', () => {
  let guard: Guard;
  let fresh: NewConsole;
  let api: Api;
  let origin: { origin: string };
  const signIn = (name: string, password: string, headers: Record<string, string> = {}) =>
    post(api, '/api/sign-in', { name, password }, { ...origin, ...headers });
  const me = (cookie: string) => api.ask<{ name: string; roles: string[] }>('/api/me', { headers: { cookie } });

  test.beforeAll(async ({ cluster }) => {
    guard = startGuard();
    fresh = await startNewConsole(cluster, guard, 'accounts');
    api = apiOf(() => fresh.url);
    origin = { origin: fresh.url };
    const first = { token: setupSecret(fresh.dataDir), name: 'ann', password: PASSWORD };
    expect((await post(api, '/api/setup', first, origin)).status).toBe(200);
  });
  test.afterAll(async () => {
    await fresh.kill();
    await guard.close();
  });

  test('signing in leads back to where one wanted to go; signing out ends the session', async ({ page }) => {
    await page.context().clearCookies();
    await page.goto(`${fresh.url}/groups?q=crm`);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await page.getByLabel('User name').fill('ANN');
    await page.getByLabel('Password', { exact: true }).fill('something else');
    await page.keyboard.press('Enter');
    await expect(page.locator('.banner[role=alert]')).toContainText('User name or password is wrong. 9 more tries');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`${fresh.url}/groups?q=crm`);
    const cookie = (await page.context().cookies(fresh.url)).find(({ name }) => name.startsWith('__Host-'));
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/', domain: '127.0.0.1' });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(`${fresh.url}/sign-in`);
    expect((await me(`${cookie?.name}=${cookie?.value}`)).status).toBe(401);
  });

  test('C19 C22 a session gets a new id at every sign-in, and the one before ends', async () => {
    const planted = `__Host-redrive-${new URL(fresh.url).port}=${'a'.repeat(43)}`;
    const first = await signIn('ann', PASSWORD, { cookie: planted });
    expect([first.headers['set-cookie']].flat()[0]).toMatch(
      /^__Host-redrive-\d+=[\w-]{43}; Path=\/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict$/,
    );
    const one = cookieIn(first);
    expect(one).not.toBe(planted);
    expect((await me(planted)).status).toBe(401);
    expect((await me(one)).status).toBe(200);
    const two = cookieIn(await signIn('ann', PASSWORD, { cookie: one }));
    expect(two).not.toBe(one);
    expect((await me(one)).status).toBe(401);
    expect((await me(two)).body).toMatchObject({ name: 'ann', roles: ['admin'] });
    // A proxy in front may want a password of its own.
    const proxied = { cookie: two, authorization: 'Basic cHJveHk6cGFzcw==' };
    expect((await api.ask('/api/me', { headers: proxied })).status).toBe(200);
    expect((await api.ask('/api/me', { headers: { cookie: two, authorization: 'Bearer redrive_x' } })).status).toBe(
      401,
    );
  });

  test('C20 what is taken away is gone with the next request', async () => {
    const admin = cookieIn(await signIn('ann', PASSWORD));
    const write = (address: string, json: object) => post(api, address, json, { ...origin, cookie: admin });
    const made = (await write('/api/accounts', { name: 'bob', password: PASSWORD, roles: ['operator'] }))
      .body as unknown as { id: string };
    const bob = async () => cookieIn(await signIn('bob', PASSWORD));
    const may = async (cookie: string) =>
      (await post(api, '/api/plans/purge', { group: 'crm-sync' }, { ...origin, cookie })).body.code;

    const cookie = await bob();
    expect((await me(cookie)).status).toBe(200);
    await write('/api/accounts/change', { id: made.id, roles: ['viewer'] });
    expect(await may(cookie)).toBe('forbidden');
    const other = cookieIn(await signIn('bob', PASSWORD));
    const next = `${PASSWORD} too`;
    expect(
      (await post(api, '/api/me/password', { current: PASSWORD, next }, { ...origin, cookie: other })).status,
    ).toBe(200);
    expect((await me(cookie)).status).toBe(401);
    expect((await me(other)).status).toBe(200);

    await write('/api/accounts/change', { id: made.id, isDisabled: true });
    expect((await me(other)).status).toBe(401);
    expect((await signIn('bob', next)).status).toBe(401);
    await write('/api/accounts/change', { id: made.id, isDisabled: false });
    expect((await me(other)).status).toBe(401);
    expect((await signIn('bob', next)).status).toBe(200);
  });

  test('the last administrator stays one', async () => {
    const cookie = cookieIn(await signIn('ann', PASSWORD));
    const { items } = (
      await api.ask<{ items: { id: string; name: string }[] }>('/api/accounts', { headers: { cookie } })
    ).body;
    const id = items.find(({ name }) => name === 'ann')?.id;
    for (const patch of [{ roles: ['viewer'] }, { isDisabled: true }]) {
      const refused = await post(api, '/api/accounts/change', { id, ...patch }, { ...origin, cookie });
      expect([refused.status, refused.body.message]).toEqual([409, expect.stringContaining('only administrator')]);
    }
    const trail = await api.ask<{ items: { error: string; outcome: string }[] }>(
      '/api/audit?last=all&action=account.change&outcome=denied',
      { headers: { cookie } },
    );
    expect(trail.body.items.slice(0, 2).map(({ error }) => error)).toEqual(['last_admin', 'last_admin']);
    expect((await me(cookie)).status).toBe(200);
  });

  test('an API token does no more than its scope, and no more than its owner', async () => {
    const cookie = cookieIn(await signIn('ann', PASSWORD));
    const input = { name: 'ci', days: 1, allow: ['metadata:read'], groups: ['crm-*'], topics: [] };
    const made = await post(api, '/api/me/tokens', input, { ...origin, cookie });
    const { token, id } = made.body as unknown as { token: string; id: string };
    const as = { authorization: `Bearer ${token}` };
    const status = async (address: string) => (await api.ask(address, { headers: as })).status;
    expect(await status('/api/groups/detail?group=crm-sync')).toBe(200);
    expect(await status('/api/groups/detail?group=orders-fulfilment')).toBe(404);
    const { items } = (await api.ask<{ items: { group: string }[] }>('/api/groups?limit=500', { headers: as })).body;
    expect(items.map(({ group }) => group)).toEqual(['crm-sync']);
    expect(
      (
        await post(
          api,
          '/api/plans/redrive',
          { group: 'crm-sync', select: { all: true }, target: { kind: 'group' } },
          as,
        )
      ).status,
    ).toBe(403);
    expect((await post(api, '/api/me/tokens', input, as)).status).toBe(403);
    expect((await post(api, '/api/me/password', { current: PASSWORD, next: PASSWORD }, as)).status).toBe(403);
    expect(await status('/api/accounts')).toBe(403);
    expect((await post(api, '/api/me/tokens/end', { id }, { ...origin, cookie })).status).toBe(200);
    expect(await status('/api/me')).toBe(401);
  });

  test('C18 wrong passwords are slowed down for who tries them, and for nobody else', async () => {
    const tries = [];
    for (let n = 0; n < 11; n++) tries.push(await signIn('carol', `wrong password ${n}`));
    expect(tries.slice(0, 9).map(({ status }) => status)).toEqual(Array(9).fill(401));
    expect(tries.slice(9).map(({ status }) => status)).toEqual([429, 429]);
    expect(Number(tries[10]?.headers['retry-after'])).toBeGreaterThan(60);
    // Somebody else at the same place.
    expect((await signIn('ann', PASSWORD)).status).toBe(200);
  });
});
