import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { changeAccount, createAccount } from './manage';
import { endElapsedRaises, endRaise, raiseOf, raiseRole } from './raise';
import { startSession } from './sign-in';
import { signOut } from './sign-out';
import { tokenHash } from './token';

const OFFERS = [{ role: 'operator', maxMinutes: 60 }];
const ask = { role: 'operator', minutes: 30, reason: 'INC-7' };
let store: Store;
let at = 1_800_000_000_000;
let ctx: Ctx;
let accountId: string;
let sessionId: string;
let names = 0;

beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());
beforeEach(async () => {
  const now = () => at;
  const by = { store, now, requestId: 'r' };
  const name = `vic${names++}`;
  const maker = { ...by, actor: actorOf('admin') } as unknown as Ctx;
  const account = await createAccount(maker, { name, password: 'a long enough password', roles: ['viewer'] });
  accountId = account.id;
  ctx = { ...by, actor: actorOf('viewer', { id: account.id, name, ip: '10.1.2.3' }) } as unknown as Ctx;
  sessionId = await begin();
});

async function begin(): Promise<string> {
  const limits = { idleMs: 1, maxMs: 43_200_000 };
  const account = await store.accounts.get(accountId);
  if (!account) throw new Error('gone');
  const { token } = await startSession(ctx, account, { userAgent: 'x', sessionId: null }, 'password', limits);
  return (await store.sessions.byHash(tokenHash(token)))?.session.id ?? '';
}
const current = async () => {
  const session = await store.sessions.get(sessionId);
  return session ? raiseOf(session, at) : null;
};
/** Newest first. */
const trail = async () =>
  (await store.audit.list({ limit: 50 }))
    .filter(({ action, actorId }) => action.startsWith('role.') && actorId === accountId)
    .map(({ action, outcome, paramsJson, actorName, ip, at: when }) => ({
      action,
      outcome,
      actorName,
      ip,
      at: when,
      ...(JSON.parse(paramsJson ?? '{}') as { role?: string; by?: string; reason?: string }),
    }));

test('a role is raised for one session and a time, and both ends stand in the trail with the reason', async () => {
  const begun = at;
  await raiseRole(ctx, sessionId, ask, OFFERS);
  expect(await current()).toEqual({ role: 'operator', until: begun + 30 * 60_000, reason: 'INC-7' });
  const other = await store.sessions.get(await begin());
  expect(other && raiseOf(other, at)).toBeNull();

  at += 30 * 60_000 - 1;
  expect(await endElapsedRaises(ctx)).toBe(begun + 30 * 60_000);
  expect(await current()).not.toBeNull();
  at += 1;
  expect(await current()).toBeNull();
  expect(await endElapsedRaises(ctx)).toBeNull();
  expect(await endElapsedRaises(ctx)).toBeNull();
  const name = ctx.actor.name;
  expect(await trail()).toMatchObject([
    { action: 'role.lower', actorName: name, ip: '10.1.2.3', role: 'operator', by: 'time', reason: 'INC-7', at },
    { action: 'role.raise', actorName: name, role: 'operator', reason: 'INC-7', at: begun },
  ]);
});

test('what is not offered, or for longer, is refused, and the first is in the trail', async () => {
  const refused = raiseRole(ctx, sessionId, { ...ask, role: 'admin' }, OFFERS);
  await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN', key: 'raise_not_offered' });
  const long = raiseRole(ctx, sessionId, { ...ask, minutes: 61 }, OFFERS);
  await expect(long).rejects.toMatchObject({ code: 'INVALID', key: 'raise_too_long' });
  expect(await current()).toBeNull();
  expect(await trail()).toMatchObject([{ action: 'role.raise', outcome: 'denied', role: 'admin' }]);
});

test('one at a time, until it is ended by hand', async () => {
  await raiseRole(ctx, sessionId, ask, OFFERS);
  await expect(raiseRole(ctx, sessionId, ask, OFFERS)).rejects.toMatchObject({ key: 'raise_under_way' });
  await endRaise(ctx, sessionId);
  await endRaise(ctx, sessionId);
  expect(await current()).toBeNull();
  await raiseRole(ctx, sessionId, ask, OFFERS);
  expect((await trail()).map(({ action, by }) => by ?? action)).toEqual(['role.raise', 'hand', 'role.raise']);
});

test.each([
  ['signing out', () => signOut(ctx, sessionId)],
  ['an administrator', () => changeAccount({ ...ctx, actor: actorOf('admin') }, accountId, { isDisabled: true })],
])('it ends with the session, by %s', async (_, end) => {
  await raiseRole(ctx, sessionId, ask, OFFERS);
  await end();
  expect(await store.sessions.get(sessionId)).toBeUndefined();
  expect((await trail())[0]).toMatchObject({ action: 'role.lower', by: 'session', reason: 'INC-7' });
});

test('ended sessions are forgotten, but not the last of an account, nor a raised one whose end is not in the trail', async () => {
  const first = sessionId;
  await raiseRole(ctx, first, ask, OFFERS);
  at += 1000;
  const second = await begin();
  at += 1000;
  const third = await begin();
  const left = async () => (await store.sessions.ofAccount(accountId)).map(({ id }) => id);
  await store.sessions.sweep(at, at - 1500);
  expect(await left()).toEqual([third, second, first]);
  await store.sessions.sweep(at, at + 1);
  expect(await left()).toEqual([third, first]);
  at += 31 * 60_000;
  await endElapsedRaises(ctx);
  await store.sessions.sweep(at, at);
  expect(await left()).toEqual([third]);
});
