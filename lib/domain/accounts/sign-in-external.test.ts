import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { changeAccount, changeOwnPassword, createAccount } from './manage';
import { rolesOf } from './roles-of';
import { type Identity, signInExternally } from './sign-in-external';
import { SignInThrottle, TRIES } from './throttle';

const PASSWORD = 'a long enough password';
const LIMITS = { idleMs: 1, maxMs: 3_600_000 };
let store: Store;
let ctx: Ctx;

beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
  ctx = { store, now: Date.now, requestId: 'r', actor: actorOf('admin', { id: '', name: '' }) } as unknown as Ctx;
});
afterAll(() => store.close());

const enter = (over: Partial<Identity>, roles: string[]) => {
  const identity = { issuer: 'https://idp.example/ops', subject: 's', name: 'dora', groups: ['g'], ...over };
  return signInExternally(ctx, identity, roles, { userAgent: '', sessionId: null }, LIMITS);
};
const last = async () => (await store.audit.list({ limit: 1 }))[0];

test('an account is who issuer and subject say: another name is the same, the same name is another', async () => {
  const first = await enter({}, ['viewer']);
  const renamed = await enter({ name: 'Dora' }, ['operator']);
  expect([renamed.account.id, renamed.account.name, rolesOf(renamed.account)]).toEqual([
    first.account.id,
    'Dora',
    ['operator'],
  ]);
  const namesake = await enter({ subject: 'other' }, ['viewer']);
  expect(namesake.account.id).not.toBe(first.account.id);
  expect(namesake.account.name).toBe('dora (idp.example)');
  const third = await enter({ subject: 'third one' }, ['viewer']);
  expect(third.account.name).toBe('dora (idp.example third one)');
  const elsewhere = await enter({ issuer: 'https://other.example' }, ['viewer']);
  expect([elsewhere.account.id === first.account.id, elsewhere.account.name]).toEqual([false, 'dora (other.example)']);
});

test('a local account keeps its name, its roles and its password, whoever is called so elsewhere', async () => {
  const local = await createAccount(ctx, { name: 'ann', password: PASSWORD, roles: ['admin'] });
  const { account } = await enter({ subject: 'ann', name: 'ANN' }, ['viewer']);
  expect([account.id === local.id, account.name, account.passwordHash]).toEqual([false, 'ANN (idp.example)', null]);
  expect(await store.accounts.get(local.id)).toEqual(local);
});

test('a name is printed as text of one line, and never nothing', async () => {
  const { account } = await enter({ subject: 'odd', name: `e\u202eve\n\u0007${'x'.repeat(500)}` }, ['viewer']);
  expect(account.name).toBe(`eve${'x'.repeat(61)}`);
  expect((await enter({ subject: 'nameless', name: ' \u200b ' }, ['viewer'])).account.name).toBe('nameless');
});

test('without a role nobody gets in, no account is made, and one there is loses what it had', async () => {
  await expect(enter({ subject: 'new', name: 'nemo' }, [])).rejects.toMatchObject({ key: 'oidc_no_role' });
  expect(await store.accounts.byName('nemo')).toBeUndefined();
  expect(await last()).toMatchObject({ action: 'session.sign-in', outcome: 'denied', actorName: 'nemo' });
  const { account } = await enter({ subject: 'gus', name: 'gus' }, ['operator']);
  await expect(enter({ subject: 'gus', name: 'gus' }, [])).rejects.toMatchObject({ key: 'oidc_no_role' });
  const after = await store.accounts.get(account.id);
  expect([after && rolesOf(after), await store.sessions.ofAccount(account.id)]).toEqual([[], []]);
});

test('a disabled one stays out whatever the provider says, and nobody gives it a password or other roles here', async () => {
  const { account } = await enter({ subject: 'hal', name: 'hal' }, ['operator']);
  for (const patch of [{ roles: ['admin'] }, { password: PASSWORD }])
    await expect(changeAccount(ctx, account.id, patch)).rejects.toMatchObject({ key: 'account_external' });
  await changeAccount(ctx, account.id, { isDisabled: true });
  await expect(enter({ subject: 'hal', name: 'hal' }, ['admin'])).rejects.toMatchObject({ key: 'oidc_disabled' });
  expect(await last()).toMatchObject({ outcome: 'denied', error: 'oidc_disabled', actorId: account.id });
});

test('C18 a wrong present password counts like one at the sign-in, and is in the trail', async () => {
  const { id, name } = await createAccount(ctx, { name: 'ivy', password: PASSWORD, roles: ['viewer'] });
  const own = { ...ctx, actor: actorOf('viewer', { id, name }) };
  const throttle = new SignInThrottle();
  const change = (current: string) => changeOwnPassword(own, { current, next: `${PASSWORD} 2` }, null, throttle);
  const { ip } = own.actor;
  await expect(change('wrong')).rejects.toMatchObject({ key: 'password_wrong' });
  expect(await last()).toMatchObject({ action: 'account.password', outcome: 'denied', error: 'password_wrong' });
  for (let n = 2; n < TRIES.perName; n++) throttle.count(name, ip);
  await change(PASSWORD);
  for (let n = 1; n < TRIES.perName; n++) throttle.count(name, ip);
  await expect(change('wrong')).rejects.toMatchObject({ key: 'password_wrong' });
  await expect(change(`${PASSWORD} 2`)).rejects.toMatchObject({ code: 'TOO_MANY', key: 'sign_in_paused' });
}, 60_000);
