import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { raiseReply } from '@/lib/contract/accounts';
import type { AuditReply } from '@/lib/contract/audit';
import { expect, takenOver, test } from './fixtures';
import { violations } from './harness/accessibility';
import { type Api, type ApiFault, apiOf } from './harness/api';
import { type NewConsole, setupSecret, startNewConsole } from './harness/new-console';
import { type Guard, startGuard } from './sandbox/guard';

/** A role for a while: asked for with a reason, of one session, and gone by itself. */
const PASSWORD = 'a long enough password';
const GROUP = 'crm-sync';
let guard: Guard;
let fresh: NewConsole;
let api: Api;
const cookies: Record<string, string> = {};

const write = (who: string, address: string, json: object) =>
  api.ask<ApiFault>(address, {
    method: 'POST',
    isAnonymous: true,
    headers: { 'content-type': 'application/json', origin: fresh.url, cookie: cookies[who] ?? '' },
    body: JSON.stringify(json),
  });
async function enter(who: string): Promise<void> {
  const entered = await write('', '/api/sign-in', { name: who, password: PASSWORD });
  cookies[who] = [entered.headers['set-cookie']].flat()[0]?.split(';')[0] ?? '';
}
const purge = (who: string) => write(who, '/api/plans/purge', { group: GROUP });
const trail = async () =>
  (await api.ask<AuditReply>('/api/audit?last=all', { headers: { cookie: cookies.ann ?? '' } })).body.items;

test.beforeAll(async ({ cluster, shop }) => {
  test.setTimeout(300_000);
  expect(Object.keys(shop.dead)).toContain(GROUP);
  guard = startGuard();
  const config = path.join(mkdtempSync(path.join(tmpdir(), 'redrive-raise-')), 'redrive.yaml');
  const elevation = [{ from: 'operator', to: 'admin', maxMinutes: 60 }];
  writeFileSync(config, JSON.stringify({ access: { elevation } }));
  fresh = await startNewConsole(cluster, guard, 'raise', { env: { REDRIVE_CONFIG: config } });
  api = apiOf(() => fresh.url);
  const made = await write('', '/api/setup', { token: setupSecret(fresh.dataDir), name: 'ann', password: PASSWORD });
  cookies.ann = [made.headers['set-cookie']].flat()[0]?.split(';')[0] ?? '';
  for (const [name, role] of [
    ['olga', 'operator'],
    ['vera', 'viewer'],
  ]) {
    expect((await write('ann', '/api/accounts', { name, password: PASSWORD, roles: [role] })).status).toBe(200);
    await enter(name ?? '');
  }
});
test.afterAll(async () => {
  await fresh?.kill();
  await guard?.close();
});

test('an operator raises himself for a reason, purges with it, and ends it; a reader sees where that is done', async ({
  page,
}) => {
  await page.context().clearCookies();
  await page.goto(`${fresh.url}/dead-letters/group?group=${GROUP}`);
  await page.getByLabel('User name').fill('olga');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.locator('.who')).toContainText('olga');
  await takenOver(page);
  await page.getByRole('button', { name: 'More actions' }).click();
  const act = page.getByRole('menuitem', { name: 'Purge…' });
  await expect(act).toHaveAttribute('aria-disabled', 'true');
  await act.hover();
  await expect(page.getByText('You can raise it for a while: Settings, Your permissions.')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.goto(`${fresh.url}/settings/permissions`);
  await expect(page.getByText(/It allows you to .*purge dead letters as well\./)).toBeVisible();
  await page.getByLabel('Minutes, at most 60').fill('15');
  await page.getByLabel('Reason').fill('INC-42, purge after the fix');
  await page.getByRole('button', { name: 'Raise role' }).click();
  const mark = page.locator('header.top .raised');
  await expect(mark).toContainText('admin for 15 min');
  await expect(page.getByText('This session has the role admin too')).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await page.goto(`${fresh.url}/dead-letters/group?group=${GROUP}`);
  await expect(mark).toBeVisible();
  await page.getByRole('button', { name: 'More actions' }).click();
  await act.click();
  await expect(page.getByRole('alertdialog').getByLabel('Reason')).toBeVisible();
  await page.keyboard.press('Escape');
  await mark.getByRole('button', { name: 'End the raised role' }).click();
  await expect(mark).toHaveCount(0);
  await page.getByRole('button', { name: 'More actions' }).click();
  await expect(act).toHaveAttribute('aria-disabled', 'true');
  const [lowered, raised] = (await trail()).filter(({ action }) => action.startsWith('role.'));
  expect(raised).toMatchObject({
    action: 'role.raise',
    actor: { name: 'olga' },
    reason: 'INC-42, purge after the fix',
  });
  expect(lowered).toMatchObject({
    action: 'role.lower',
    actor: { name: 'olga' },
    reason: 'INC-42, purge after the fix',
  });
});

test('it is of one session, of no token, never to manage accounts, and only what is configured', async () => {
  const raise = (who: string, over: object = {}) =>
    write(who, '/api/me/raise', { role: 'admin', minutes: 5, reason: 'INC-1', ...over });
  expect((await raise('vera')).status).toBe(403);
  expect((await raise('olga', { role: 'operator' })).status).toBe(403);
  expect((await raise('olga', { minutes: 61 })).status).toBe(400);
  expect((await raise('olga', { reason: ' x ' })).status).toBe(400);
  const token = (await write('olga', '/api/me/tokens', { name: 'ci', allow: ['metadata:read', 'dead-letter:purge'] }))
    .body as unknown as { token: string };
  const asProgram = (address: string, json: object) =>
    api.ask(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token.token}` },
      body: JSON.stringify(json),
    });
  expect((await asProgram('/api/me/raise', { role: 'admin', minutes: 5, reason: 'INC-1' })).status).toBe(403);

  expect((await purge('olga')).status).toBe(403);
  const raised = await raise('olga');
  expect(raised.status, raised.text).toBe(200);
  expect(raiseReply.strict().parse(raised.body)).toMatchObject({ role: 'admin', reason: 'INC-1' });
  expect((await purge('olga')).status).toBe(200);
  expect((await asProgram('/api/plans/purge', { group: GROUP })).status).toBe(403);
  expect((await api.ask('/api/accounts', { headers: { cookie: cookies.olga ?? '' } })).status).toBe(403);
  const before = cookies.olga ?? '';
  await enter('olga');
  expect((await purge('olga')).status).toBe(403);
  // What is done meanwhile says by what role.
  cookies.before = before;
  await write('before', '/api/dead-letters/note', { group: GROUP, failure: 999_999_999, text: 'x' });
  const denied = await write('before', '/api/accounts', { name: 'x', password: PASSWORD, roles: ['admin'] });
  expect(denied.status).toBe(403);
  const row = (await trail()).find(({ action }) => action === 'request.denied');
  expect(row?.actor.roles).toEqual(['operator', 'admin']);
  expect((await write('before', '/api/me/raise/end', {})).status).toBe(200);
  expect((await purge('before')).status).toBe(403);
});
