import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { oidcBegunReply, oidcFinishedReply } from '@/lib/contract/accounts';
import type { AuditReply } from '@/lib/contract/audit';
import { freePort } from './console';
import { expect, test } from './fixtures';
import { violations } from './harness/accessibility';
import { type Api, type ApiAnswer, type ApiFault, apiOf } from './harness/api';
import { type NewConsole, setupSecret, startNewConsole } from './harness/new-console';
import { type Guard, startGuard } from './sandbox/guard';
import { answerFor, CLIENT, OTHER_CLIENT, startOpenIdProvider } from './sandbox/openid-provider.mjs';

/** Signing in at a real OpenID provider, which to the browser is another site. */
const PASSWORD = 'a long enough password';
const BUTTON = 'Sign in with Company account';
const people: Record<string, { groups?: string[]; name?: string }> = {};

let guard: Guard;
let fresh: NewConsole;
let api: Api;
let provider: Awaited<ReturnType<typeof startOpenIdProvider>>;
let providerPort: number;
let local: { cookie: string; origin: string };

const startProvider = () =>
  startOpenIdProvider({ port: providerPort, redirectUris: [`${fresh.url}/sign-in/callback`], people });
const write = (address: string, json: object, headers: Record<string, string>): Promise<ApiAnswer<ApiFault>> =>
  api.ask(address, {
    method: 'POST',
    isAnonymous: true,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(json),
  });
const cookiesIn = (answer: ApiAnswer): string =>
  [answer.headers['set-cookie']]
    .flat()
    .map((each) => each?.split(';')[0])
    .join('; ');
const sessionOf = async (context: BrowserContext): Promise<{ cookie: string }> => {
  const cookies = await context.cookies(fresh.url.replace('http:', 'https:'));
  const found = cookies.find(({ name }) => /^__Host-redrive-\d+$/.test(name));
  return { cookie: `${found?.name}=${found?.value}` };
};
const me = async (headers: { cookie: string }) =>
  api.ask<{ id: string; name: string; roles: string[]; authMethod: string }>('/api/me', { headers });
const begin = async () => {
  const begun = await write('/api/sign-in/oidc', { next: '/topics' }, { origin: fresh.url });
  expect(begun.status, begun.text).toBe(200);
  return { url: oidcBegunReply.strict().parse(begun.body).url, cookie: cookiesIn(begun), begun };
};
const finish = (answer: string, cookie: string) =>
  write('/api/sign-in/oidc/finish', { answer }, { origin: fresh.url, cookie });
/** Newest first. */
const audited = async (action: string) =>
  (await api.ask<AuditReply>(`/api/audit?last=all&action=${action}`, { headers: local })).body.items;

test.beforeAll(async ({ cluster }) => {
  test.setTimeout(300_000);
  guard = startGuard();
  providerPort = await freePort(19_400 + (process.pid % 100));
  const config = path.join(mkdtempSync(path.join(tmpdir(), 'redrive-oidc-')), 'redrive.yaml');
  const oidc = {
    issuer: `http://localhost:${providerPort}`,
    clientId: CLIENT.id,
    clientSecretEnv: 'OIDC_SECRET',
    scopes: ['openid', 'profile', 'groups'],
    roles: { sre: 'operator', leads: ['admin'] },
    label: 'Company account',
  };
  writeFileSync(config, JSON.stringify({ access: { oidc } }));
  // The provider is down while the console starts.
  fresh = await startNewConsole(cluster, guard, 'oidc', {
    env: { REDRIVE_CONFIG: config, OIDC_SECRET: CLIENT.secret, LOG_LEVEL: 'trace' },
  });
  api = apiOf(() => fresh.url);
  provider = await startProvider();
  // The provider makes administrators: a local account is made by one of them.
  people.lea = { groups: ['leads'] };
  const { url, cookie } = await begin();
  const lead = { cookie: cookiesIn(await finish(await answerFor(url, 'lea'), cookie)), origin: fresh.url };
  const made = await write('/api/accounts', { name: 'max', password: PASSWORD, roles: ['admin'] }, lead);
  expect(made.status, made.text).toBe(200);
  const entered = await write('/api/sign-in', { name: 'max', password: PASSWORD }, { origin: fresh.url });
  local = { cookie: cookiesIn(entered), origin: fresh.url };
});
test.afterAll(async () => {
  await provider?.stop();
  await fresh?.kill();
  await guard?.close();
});

/** Somebody with a browser of his own, signed in at the provider or about to. */
async function withBrowser<T>(
  browser: import('@playwright/test').Browser,
  use: (page: Page, context: BrowserContext) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  try {
    return await use(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

async function toProvider(page: Page, from = '/sign-in'): Promise<void> {
  await page.goto(fresh.url + from);
  await page.getByRole('button', { name: BUTTON }).click();
}
async function signIn(page: Page, who: string, from?: string): Promise<void> {
  await toProvider(page, from);
  await page.getByLabel('Account').fill(who);
  await page.getByRole('button', { name: 'Continue' }).click();
}
const problem = (page: Page) => page.locator('.banner[role=alert]');

test('signs in by the groups, leads back to where one wanted to go, and keeps who is called the same apart', async ({
  browser,
}) => {
  people.dora = { groups: ['sre', 'lunch'] };
  await withBrowser(browser, async (page, context) => {
    const addresses: string[] = [];
    page.on('framenavigated', (frame) => void addresses.push(frame.url()));
    await signIn(page, 'dora', '/groups?q=crm');
    await expect(page).toHaveURL(`${fresh.url}/groups?q=crm`);
    await expect(page.locator('.who')).toContainText('dora');
    await expect(page.locator('.who')).toContainText('operator');
    const { body } = await me(await sessionOf(context));
    expect(body).toMatchObject({ name: 'dora', roles: ['operator'], authMethod: 'oidc' });
    // Nothing is left of the way in.
    expect((await context.cookies()).filter(({ name }) => name.includes('oidc'))).toEqual([]);
    expect(addresses.some((each) => each.includes('code='))).toBe(true);
    await page.goBack();
    expect(page.url()).not.toContain('code=');
  });
});

test('a local account of the same name is another one', async ({ browser }) => {
  people['sub-of-max'] = { groups: ['sre'], name: 'max' };
  await withBrowser(browser, async (page, context) => {
    await signIn(page, 'sub-of-max');
    await expect(page.locator('.who')).toContainText(`max (localhost:${providerPort})`);
    const [there, here] = [await me(await sessionOf(context)), await me(local)];
    expect(here.body).toMatchObject({ name: 'max', roles: ['admin'] });
    expect(there.body.id).not.toBe(here.body.id);
    expect(there.body.roles).toEqual(['operator']);
  });
  const { items } = (
    await api.ask<{ items: { id: string; name: string; isExternal: boolean }[] }>('/api/accounts', { headers: local })
  ).body;
  const dora = items.find(({ name }) => name === 'dora');
  expect(dora?.isExternal).toBe(true);
  for (const patch of [{ roles: ['admin'] }, { password: PASSWORD }])
    expect((await write('/api/accounts/change', { id: dora?.id, ...patch }, local)).status).toBe(409);
  // Nor has she a password that somebody could try.
  expect((await write('/api/sign-in', { name: 'dora', password: PASSWORD }, { origin: fresh.url })).status).toBe(401);
});

test('C20 groups count anew at every sign-in; without one nobody gets in, and loses what he had', async ({
  browser,
}) => {
  people.eve = { groups: ['sre'] };
  await withBrowser(browser, async (page, context) => {
    await signIn(page, 'eve');
    await expect(page.locator('.who')).toContainText('operator');
    const first = await sessionOf(context);
    people.eve = { groups: ['leads'] };
    await withBrowser(browser, async (other) => {
      await signIn(other, 'eve');
      await expect(other.locator('.who')).toContainText('admin');
    });
    expect((await me(first)).body.roles).toEqual(['admin']);
    const token = (
      await write('/api/me/tokens', { name: 'ci', allow: ['metadata:read'] }, { ...first, origin: fresh.url })
    ).body as unknown as { token: string };
    const groups = () => api.ask('/api/groups', { headers: { authorization: `Bearer ${token.token}` } });
    expect((await groups()).status).toBe(200);

    people.eve = { groups: ['lunch'] };
    await withBrowser(browser, async (other) => {
      await signIn(other, 'eve');
      await expect(problem(other)).toContainText('You are eve, and none of your groups (lunch) has a role');
      await expect(problem(other)).toContainText('Ask for a group that has one');
      await other.getByRole('button', { name: 'Sign in again' }).click();
      await expect(other).toHaveURL(`${fresh.url}/sign-in`);
    });
    expect((await me(first)).status).toBe(401);
    expect((await groups()).status).toBe(403);
  });
  people.mallory = {};
  await withBrowser(browser, async (page) => {
    await signIn(page, 'mallory');
    await expect(problem(page)).toContainText('You are mallory, and the provider names no group of yours');
  });
  const [last] = await audited('session.sign-in');
  expect(last).toMatchObject({ outcome: 'denied', error: 'oidc_no_role', actor: { name: 'mallory' } });
});

test('C19 C20 a session has a new id at each sign-in, ends by signing out, and within a second when disabled', async ({
  browser,
}) => {
  people.fred = { groups: ['sre'] };
  await withBrowser(browser, async (page, context) => {
    await signIn(page, 'fred');
    await expect(page.locator('.who')).toContainText('fred');
    const first = await sessionOf(context);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(`${fresh.url}/sign-in`);
    expect((await me(first)).status).toBe(401);
    // He is still known there.
    await toProvider(page);
    await expect(page.locator('.who')).toContainText('fred');
    const second = await sessionOf(context);
    expect(second.cookie).not.toBe(first.cookie);
    const { id } = (await me(second)).body;
    expect((await write('/api/accounts/change', { id, isDisabled: true }, local)).status).toBe(200);
    expect((await me(second)).status).toBe(401);
    await page.goto(`${fresh.url}/sign-in`);
    await page.getByRole('button', { name: BUTTON }).click();
    await expect(problem(page)).toContainText('The account fred is disabled in this console.');
  });
});

test('who cancels at the provider is told so and can begin again', async ({ browser }) => {
  await withBrowser(browser, async (page) => {
    await toProvider(page);
    await page.getByRole('link', { name: 'Cancel' }).click();
    await expect(problem(page)).toContainText('You cancelled at the provider');
    expect(await violations(page)).toEqual([]);
    await expect(page.getByRole('button', { name: 'Sign in again' })).toBeVisible();
  });
  expect((await audited('session.sign-in'))[0]).toMatchObject({ outcome: 'denied', error: 'oidc_cancelled' });
});

test('C30 an answer works once, in the browser that asked, with its own state, and for this application', async () => {
  people.gail = { groups: ['sre'] };
  const codes: string[] = [];
  const caught = async (address: string) => {
    const answer = await answerFor(address, 'gail');
    codes.push(new URLSearchParams(answer).get('code') ?? '');
    return answer;
  };
  const { url, cookie, begun } = await begin();
  expect([begun.headers['set-cookie']].flat()[0]).toMatch(
    /^__Host-redrive-oidc-\d+=[\w-]+; Path=\/; Max-Age=600; Secure; HttpOnly; SameSite=Strict$/,
  );
  const answer = await caught(url);
  // Somebody else's browser: nobody is signed in as another by a link.
  expect((await finish(answer, '')).body).toMatchObject({ code: 'invalid', message: /not begun in this browser/ });
  expect((await finish(answer, (await begin()).cookie)).status).toBe(400);
  const tampered = new URLSearchParams(answer);
  tampered.set('state', `${tampered.get('state')?.slice(0, -1)}_`);
  expect((await finish(`${tampered}`, cookie)).status).toBe(400);
  expect((await finish('error=made_up<b>&state=x', cookie)).status).toBe(400);

  const right = await finish(answer, cookie);
  expect(right.status, right.text).toBe(200);
  expect(oidcFinishedReply.strict().parse(right.body)).toEqual({ name: 'gail', next: '/topics' });
  const replayed = await finish(answer, cookie);
  expect([replayed.status, replayed.body.message]).toEqual([403, expect.stringContaining('was used before')]);

  const foreign = await begin();
  const other = new URL(foreign.url);
  other.searchParams.set('client_id', OTHER_CLIENT);
  const refused = await finish(await caught(other.href), foreign.cookie);
  expect([refused.status, refused.body.message]).toEqual([
    403,
    expect.stringContaining('meant for another application'),
  ]);

  // A code asked for with another proof than ours.
  const unproven = await begin();
  const plain = new URL(unproven.url);
  plain.searchParams.set('code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  expect((await finish(await caught(plain.href), unproven.cookie)).status).toBe(403);

  const trail = (await audited('session.sign-in')).filter(({ outcome }) => outcome === 'denied');
  expect(trail.slice(0, 3).map(({ error }) => error)).toEqual(['oidc_code', 'oidc_code', 'oidc_code']);
  expect(trail.slice(3, 7).map(({ error }) => error)).toEqual(Array(4).fill('oidc_lost'));
  const everything = [
    readFileSync(fresh.logFile, 'utf8'),
    (await api.ask('/api/audit/export?last=all', { headers: local })).text,
    ...[right, replayed, refused].map(({ text, headers }) => text + JSON.stringify({ ...headers, 'set-cookie': '' })),
  ].join('\n');
  expect(codes).toHaveLength(3);
  for (const secret of [...codes, CLIENT.secret, right.headers['set-cookie']?.[1]?.split(/[=;]/)[1] ?? 'none'])
    expect(everything.includes(secret), secret.slice(0, 6)).toBe(false);
});

test('C30 the page that a browser is sent back to does not hold the code', async () => {
  const answer = await api.ask('/sign-in/callback?code=canary-code&state=canary-state', { isAnonymous: true });
  expect(answer.status).toBe(200);
  expect(answer.text + JSON.stringify(answer.headers)).not.toContain('canary');
});

test('C18 who is refused again and again from one place has to wait', async () => {
  // As if from behind 60 others: the tests before have used some of the tries.
  let last = await finish('state=x', '');
  for (let n = 0; n < 60 && last.status !== 429; n++) last = await finish('state=x', '');
  expect(last.status).toBe(429);
  expect(Number(last.headers['retry-after'])).toBeGreaterThan(60);
});

test.describe('without the provider', () => {
  test('the console says so, and passwords still work', async ({ browser, cluster }) => {
    await provider.stop();
    // The tries of the test before are forgotten, and so is what was known of the provider.
    const before = fresh;
    await before.kill();
    const config = path.join(mkdtempSync(path.join(tmpdir(), 'redrive-oidc-')), 'redrive.yaml');
    const oidc = { issuer: provider.issuer, clientId: CLIENT.id, roles: { sre: 'operator' }, label: 'Company account' };
    writeFileSync(config, JSON.stringify({ access: { oidc } }));
    fresh = await startNewConsole(cluster, guard, 'oidc-down', { env: { REDRIVE_CONFIG: config } });
    // Nobody who comes from there could administer: a first account is made by the link.
    const first = { token: setupSecret(fresh.dataDir), name: 'ann', password: PASSWORD };
    expect((await write('/api/setup', first, { origin: fresh.url })).status).toBe(200);
    await withBrowser(browser, async (page) => {
      await toProvider(page);
      await expect(problem(page)).toContainText(`The sign-in provider ${provider.issuer} does not answer.`);
      await page.getByLabel('User name').fill('ann');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.keyboard.press('Enter');
      await expect(page.locator('.who')).toContainText('ann');
    });
  });

  test('a console without passwords lets nobody in by one, and ends the sessions they began', async ({ cluster }) => {
    const config = path.join(mkdtempSync(path.join(tmpdir(), 'redrive-oidc-')), 'redrive.yaml');
    const oidc = { issuer: provider.issuer, clientId: CLIENT.id, roles: { leads: 'admin' } };
    const { dataDir } = fresh;
    const entered = await write('/api/sign-in', { name: 'ann', password: PASSWORD }, { origin: fresh.url });
    const cookie = cookiesIn(entered).replace(/-\d+=/, '=');
    await fresh.kill();
    writeFileSync(config, JSON.stringify({ access: { oidc, passwordSignIn: false } }));
    fresh = await startNewConsole(cluster, guard, 'oidc-only', { dataDir, env: { REDRIVE_CONFIG: config } });
    const port = new URL(fresh.url).port;
    expect((await me({ cookie: cookie.replace('=', `-${port}=`) })).status).toBe(401);
    const refused = await write('/api/sign-in', { name: 'ann', password: PASSWORD }, { origin: fresh.url });
    expect([refused.status, refused.body.hint]).toEqual([403, expect.stringContaining('access.passwordSignIn')]);
    const { text } = await api.ask('/sign-in', { isAnonymous: true });
    expect(text).toContain(`Sign in with localhost:${providerPort}`);
    expect(text).not.toMatch(/type="password"/);
  });
});
