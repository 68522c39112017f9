import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { AnyPlan } from '@/lib/contract/plans';
import { freePort } from './console';
import { expect, test } from './fixtures';
import { type ApiAnswer, type ApiRequest, apiOf } from './harness/api';
import { makeDead } from './harness/dead-letters';
import { type FakeServer, startFake } from './harness/fake-server';
import { setupSecret, startNewConsole } from './harness/new-console';
import { cookieIn } from './harness/people';
import { openStoreFile } from './harness/store-file';
import { encodeFrame } from './proxy/frame';
import { createAuthority } from './sandbox/certificates';
import { type Guard, startGuard } from './sandbox/guard';
import { answerFor, CLIENT, startOpenIdProvider } from './sandbox/openid-provider.mjs';
import { ROOT } from './sandbox/paths';

/** Secrets that we choose; the console makes others itself. */
const PLANTED = {
  accessKey: 'canary-access-key-4711',
  secretKey: 'canary-secret-key-4711',
  securityToken: 'canary-security-token-4711',
  wrongSecret: 'canary-wrong-secret-4711',
  password: 'canary password 4711',
  wrongPassword: 'canary wrong password 4711',
  nextPassword: 'canary next password 4711',
  clientSecret: CLIENT.secret,
  badCode: 'canary-code-that-nobody-gave-4711',
  badCookie: 'canaryBadCookie4711canaryBadCookie4711canary',
  badToken: 'redrive_canaryBadToken4711canaryBadToken4711',
};

const PAGES = [
  '/',
  '/topics',
  '/groups',
  '/dead-letters',
  '/retries',
  '/jobs',
  '/audit',
  '/trace?id=1',
  '/settings',
  '/settings/account',
  '/settings/people',
  '/settings/permissions',
  '/settings/tokens',
  '/sign-in',
  '/setup',
];
const READS = [
  '/api/clusters',
  '/api/overview',
  '/api/jobs',
  '/api/topics',
  '/api/groups',
  '/api/accounts',
  '/api/me',
  '/api/me/tokens',
  '/api/me/sessions',
  '/api/audit?last=all',
  '/api/audit/export',
  '/api/audit/export?format=csv',
  '/api/audit/verify',
  '/api/openapi.json',
];

let guard: Guard;
const fakes: Pick<FakeServer, 'stop'>[] = [];
test.beforeAll(() => {
  guard = startGuard();
});
test.afterAll(async () => {
  await Promise.all(fakes.map((fake) => fake.stop()));
  await guard?.close();
});

test('C30 no secret is found anywhere but where it has to be, whatever goes wrong', { tag: '@turn-2' }, async ({
  cluster,
  oracle,
  api: shared,
  unique,
}) => {
  test.setTimeout(300_000);
  const dead = await makeDead(oracle, shared, unique('canary'), [
    { keys: 'C-0', body: '{}' },
    { keys: 'C-1', body: '{}' },
  ]);
  const place = path.join(cluster.scratch, `canary-${process.pid}`);
  const authority = createAuthority(place);
  const pair = authority.issue('console', ['DNS:console.test']);
  const keyLines = readFileSync(pair.key, 'utf8').split('\n').slice(1, -2);
  const secretFile = (name: string, text: string) => {
    const file = path.join(place, name);
    writeFileSync(file, `${text}\n`, { mode: 0o600 });
    return file;
  };
  const plain = await startFake();
  const refusing = await startFake(({ opaque }, socket) =>
    socket.write(encodeFrame({ code: 1, opaque, flag: 1, remark: 'check signature failed' })),
  );
  fakes.push(plain, refusing);
  const acl = (secretKey: string) => ({
    accessKeyFile: secretFile('access', PLANTED.accessKey),
    secretKeyFile: secretFile(`secret-${secretKey.length}`, secretKey),
    securityToken: PLANTED.securityToken,
  });
  const config = path.join(place, 'redrive.yaml');
  const clusters = [
    { name: 'demo', nameServers: cluster.nameServers, acl: acl(PLANTED.secretKey) },
    { name: 'refusing', nameServers: [refusing.address], acl: acl(PLANTED.wrongSecret) },
    { name: 'no-tls', nameServers: [plain.address], tls: { ca: authority.cert, cert: pair.cert, key: pair.key } },
  ];
  const providerPort = await freePort(19_500 + (process.pid % 100));
  const oidc = {
    issuer: `http://localhost:${providerPort}`,
    clientId: CLIENT.id,
    clientSecretFile: secretFile('client', PLANTED.clientSecret),
    scopes: ['openid', 'profile', 'groups'],
    roles: { sre: 'operator' },
  };
  writeFileSync(config, stringify({ clusters, access: { oidc } }), { mode: 0o600 });
  const env = { REDRIVE_CONFIG: config, LOG_LEVEL: 'trace', REDRIVE_AUDIT_BODY_READS: 'all' };
  const console_ = await startNewConsole(cluster, guard, 'canary', { env });
  const api = apiOf(() => console_.url);

  const answers: [where: string, text: string][] = [];
  /** What is told on purpose, and once, is left out by `but`. */
  const ask = async <T>(address: string, request: ApiRequest = {}, but: string[] = []): Promise<ApiAnswer<T>> => {
    const answer = await api.ask<T>(address, { isAnonymous: true, ...request });
    let text = answer.text + JSON.stringify(answer.headers);
    for (const told of but) text = text.replaceAll(told, '');
    answers.push([`${request.method ?? 'GET'} ${address}`, text]);
    return answer;
  };
  const json = { 'content-type': 'application/json', origin: console_.url };
  const post = <T>(address: string, body: object | string, more: Record<string, string> = {}, but?: string[]) =>
    ask<T>(
      address,
      {
        method: 'POST',
        headers: { ...json, ...more },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      },
      but,
    );

  // Setting up: a link that is wrong, one that is used, one that is used again.
  const setup = setupSecret(console_.dataDir);
  const link = readFileSync(path.join(console_.dataDir, 'setup-link.txt'), 'utf8').trim();
  await post('/api/setup', { token: PLANTED.badToken, name: 'ann', password: PLANTED.password });
  await post('/api/setup', { token: setup, name: 'ann', password: 'short' });
  const entered = await api.ask('/api/setup', {
    method: 'POST',
    isAnonymous: true,
    headers: json,
    body: JSON.stringify({ token: setup, name: 'ann', password: PLANTED.password }),
  });
  expect(entered.status, entered.text).toBe(200);
  await post('/api/setup', { token: setup, name: 'eve', password: PLANTED.password });
  const cookie = cookieIn(entered);
  const session = cookie.split('=')[1] ?? '';
  const cookieName = cookie.split('=')[0] ?? '';

  // Signing in: wrong, in the wrong field, broken, too large, of the wrong type, by somebody else's page.
  const credentials = { name: 'ann', password: PLANTED.wrongPassword };
  await post('/api/sign-in', credentials);
  await post('/api/sign-in', { name: PLANTED.wrongPassword, password: PLANTED.wrongPassword });
  await post('/api/sign-in', JSON.stringify(credentials).slice(0, -2));
  await post('/api/sign-in', { ...credentials, [PLANTED.wrongPassword]: 1 });
  await post('/api/sign-in', { name: { first: PLANTED.wrongPassword }, password: [PLANTED.wrongPassword] });
  await post('/api/sign-in', { ...credentials, padding: PLANTED.wrongPassword.repeat(20_000) });
  await post('/api/sign-in', credentials, { 'content-type': 'text/plain' });
  await post('/api/sign-in', credentials, { origin: 'https://evil.example' });
  for (let n = 0; n < 11; n++) await post('/api/sign-in', { name: 'nobody', password: PLANTED.wrongPassword });
  for (const bad of [
    `${cookieName}=${PLANTED.badCookie}`,
    `${cookieName}=${PLANTED.badCookie}; ${cookieName}=${session.slice(1)}`,
    `=${PLANTED.badCookie};;%zz=${PLANTED.badCookie}`,
  ])
    for (const address of ['/api/me', '/groups', '/api/nothing']) await ask(address, { headers: { cookie: bad } });
  for (const authorization of [
    `Bearer ${PLANTED.badToken}`,
    `Bearer ${PLANTED.badToken} x`,
    `Basic ${PLANTED.badToken}`,
  ])
    await ask('/api/me', { headers: { authorization } });

  // By the provider: with a code that is wrong, with one that was given, and with that one again.
  const provider = await startOpenIdProvider({
    port: providerPort,
    redirectUris: [`${console_.url}/sign-in/callback`],
    people: { dora: { groups: ['sre'] } },
  });
  fakes.push(provider);
  const begin = { method: 'POST', isAnonymous: true, headers: json, body: JSON.stringify({ next: '/' }) };
  const begun = await api.ask<{ url: string }>('/api/sign-in/oidc', begin);
  expect(begun.status, begun.text).toBe(200);
  const pending = { cookie: cookieIn(begun) };
  const { verifier } = JSON.parse(Buffer.from(pending.cookie.split('=')[1] ?? '', 'base64url').toString());
  const answer = await answerFor(begun.body.url, 'dora');
  const code = new URLSearchParams(answer).get('code') ?? '';
  await ask(`/sign-in/callback?${answer}`, { headers: pending });
  const finish = (given: string) => ({
    method: 'POST',
    isAnonymous: true,
    headers: { ...json, ...pending },
    body: JSON.stringify({ answer: given }),
  });
  await ask('/api/sign-in/oidc/finish', finish(answer.replace(code, PLANTED.badCode)));
  const arrived = await api.ask('/api/sign-in/oidc/finish', finish(answer));
  expect(arrived.status, arrived.text).toBe(200);
  const arrivedAs = [arrived.headers['set-cookie']].flat().find((each) => each?.startsWith(`${cookieName}=`));
  const provided = arrivedAs?.split(/[=;]/)[1] ?? '';
  await ask('/api/sign-in/oidc/finish', finish(answer));

  // A token, made and used; a plan, used, altered and used again.
  const own = { cookie };
  const made = await api.ask<{ token: string }>('/api/me/tokens', {
    method: 'POST',
    headers: { ...json, ...own },
    body: JSON.stringify({ name: 'ci', days: 1, allow: ['metadata:read', 'message:body:read', 'dead-letter:redrive'] }),
  });
  const token = made.body.token;
  expect(token).toMatch(/^redrive_/);
  await ask('/api/me', { headers: { authorization: `Bearer ${token}` } });
  const letters = { cluster: 'demo', group: dead.group };
  await expect
    .poll(async () => {
      const { body } = await ask<{ items?: unknown[] }>(`/api/dead-letters/messages?cluster=demo&group=${dead.group}`, {
        headers: own,
      });
      return body.items?.length;
    })
    .toBe(2);
  const planned = await api.ask<AnyPlan>('/api/plans/handle', {
    method: 'POST',
    headers: { ...json, ...own },
    body: JSON.stringify({ ...letters, select: { ids: dead.ids } }),
  });
  expect(planned.status, planned.text).toBe(200);
  const plan = planned.body.token;
  const mac = plan.split('.')[1] ?? '';
  const start = (with_: string) => post('/api/jobs', { cluster: 'demo', token: with_, reason: 'canary' }, own);
  await start(`${plan.slice(0, -2)}AA`);
  const started = await start(plan);
  expect(started.status, started.text).toBe(202);
  await start(plan);

  // The store cannot be written to, nor read whole.
  const store = openStoreFile(console_);
  store.exec('begin immediate');
  try {
    const password = { current: PLANTED.password, next: PLANTED.nextPassword };
    await Promise.all([
      post('/api/sign-in', { name: 'ann', password: PLANTED.password }),
      post('/api/me/password', password, own),
      post('/api/accounts', { name: 'bob', password: PLANTED.password, roles: ['viewer'] }, own),
      post('/api/me/tokens', { name: PLANTED.badToken.slice(0, 20), days: 1, allow: ['metadata:read'] }, own),
    ]);
  } finally {
    store.exec('rollback');
    store.close();
  }
  await post('/api/me/password', { current: PLANTED.wrongPassword, next: PLANTED.nextPassword }, own);
  await post('/api/me/password', { current: PLANTED.password, next: PLANTED.nextPassword }, own);
  await post('/api/accounts', { name: 'bob', password: PLANTED.password, roles: ['viewer'] }, own);
  await post('/api/accounts', { name: 'bob', password: PLANTED.password, roles: ['viewer'] }, own);

  // Everything that can be looked at, of the cluster that works and of those that do not.
  for (const name of ['demo', 'refusing', 'no-tls'])
    for (const address of [...READS, ...PAGES]) {
      const where = `${address}${address.includes('?') ? '&' : '?'}cluster=${name}`;
      await ask(where, { headers: own });
      if (!address.startsWith('/api/')) await ask(where, { headers: { ...own, RSC: '1' } });
    }
  await ask(`/jobs/${(started.body as { id?: string }).id ?? ''}?cluster=demo`, { headers: own });
  await ask(`/api/jobs/detail?cluster=demo&id=${(started.body as { id?: string }).id ?? ''}`, { headers: own });
  await post('/api/sign-out', {}, own);
  await ask('/api/me', { headers: own });
  await console_.stop();

  const secrets: Record<string, string> = {
    ...PLANTED,
    session,
    token,
    mac,
    setup,
    code,
    verifier,
    provided,
    ...Object.fromEntries(keyLines.map((line, n) => [`TLS key, line ${n + 1}`, line])),
  };
  expect(Object.values(secrets).every((secret) => secret.length >= 16)).toBe(true);
  const found: string[] = [];
  const search = (where: string, text: string | Buffer) => {
    for (const [what, secret] of Object.entries(secrets)) if (text.includes(secret)) found.push(`${what} in ${where}`);
  };
  for (const [where, text] of answers) search(where, text);
  // The one line that tells whoever starts the console how to get in.
  search('the log', readFileSync(console_.logFile, 'utf8').replace(link, ''));
  for (const file of [...filesIn(console_.dataDir), ...filesIn(path.join(ROOT, '.next', 'static'))])
    search(path.basename(file), readFileSync(file));
  expect(answers.length).toBeGreaterThan(150);
  expect(found).toEqual([]);
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
