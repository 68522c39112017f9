import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createApiToken } from '@/lib/domain/accounts/api-tokens';
import { newToken, tokenHash } from '@/lib/domain/accounts/token';
import { actorOf } from '@/lib/domain/actors.fixture';
import type { Ctx } from '@/lib/domain/ctx';
import { isPermitted } from '@/lib/domain/permission';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { AccessConfig } from './access-config';
import { defineEndpoint, StreamReply } from './endpoint';
import { handle } from './handle';
import { DEFAULT_LIMITS } from './limit-settings';
import { Limits } from './limits';
import { type Runtime, setRuntime } from './runtime';
import { authenticate } from './session';
import { ACCESS_SETTINGS } from './signed-in.fixture';

const HOST = '127.0.0.1:8080';
const ISSUER = 'https://idp.example/ops';
let store: Store;
let access: AccessConfig;
let names = 0;

beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(async () => {
  await store.close();
  setRuntime(undefined);
});
beforeEach(() => {
  access = { ...ACCESS_SETTINGS.access, elevation: [{ from: 'operator', to: 'admin', maxMinutes: 60 }] };
  const cluster = { config: { name: 'demo' }, sweeper: { snapshot: () => null } };
  const settings = { ...ACCESS_SETTINGS, access };
  const limits = new Limits(DEFAULT_LIMITS);
  setRuntime({ settings, store, limits, clusters: new Map([['demo', cluster]]) } as unknown as Runtime);
});

async function somebody(roles: string[], subject: string | null = null, confirmedAt: number | null = null) {
  const name = `p${names++}`;
  const id = name.padEnd(26, '0');
  const rolesJson = JSON.stringify(roles);
  const rest = { passwordHash: null, createdAt: 0, disabledAt: null, confirmedAt };
  await store.accounts.insert({ id, name, nameKey: name, subject, rolesJson, ...rest });
  const token = newToken();
  const now = Date.now();
  await store.sessions.insert({
    id: `s${name}`,
    tokenHash: tokenHash(token),
    accountId: id,
    authMethod: subject === null ? 'password' : 'oidc',
    ip: '10.0.0.1',
    userAgent: '',
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + 3_600_000,
    raisedRole: null,
    raisedUntil: null,
    raisedReason: null,
  });
  const ctx = { store, now: Date.now, actor: actorOf('admin', { id, name }), requestId: 'r' } as unknown as Ctx;
  const scope = { allow: ['metadata:read' as const], clusters: ['*'], groups: ['*'], topics: ['*'] };
  const program = await createApiToken(ctx, { name: 'ci', days: 300, scope });
  return {
    id,
    raise: (untilMs: number) => store.sessions.raise(`s${name}`, { role: 'admin', until: now + untilMs, reason: 'x' }),
    lower: () => store.sessions.raise(`s${name}`, null),
    cookie: `__Host-redrive-8080=${token}`,
    authorization: `Bearer ${program.token}`,
  };
}
const NOTHING = { host: HOST, cookie: null, authorization: null, ip: '10.0.0.1', idleMs: null };
const bySession = ({ cookie }: { cookie: string }) => authenticate({ ...NOTHING, cookie });
const byToken = ({ authorization }: { authorization: string }) => authenticate({ ...NOTHING, authorization });

describe('a raised role', () => {
  test('allows what it allows, but no managing of accounts, until its time is over', async () => {
    const olga = await somebody(['operator']);
    await olga.raise(60_000);
    const raised = await bySession(olga);
    expect(raised?.actor.roles).toEqual(['operator', 'admin']);
    expect(raised && isPermitted(raised.actor, 'dead-letter:purge', { group: 'g' })).toBe(true);
    expect(raised && isPermitted(raised.actor, 'administer', {})).toBe(false);
    expect((await byToken(olga))?.actor.roles).toEqual(['operator']);
    await olga.raise(-1);
    const after = await bySession(olga);
    expect([after?.actor.roles, after?.session?.raise]).toEqual([['operator'], null]);
  });

  test('is gone with the role that was raised, and with the configuration that offered it', async () => {
    const olga = await somebody(['operator']);
    await olga.raise(60_000);
    await store.accounts.update(olga.id, { rolesJson: '["viewer"]' });
    expect((await bySession(olga))?.actor.roles).toEqual(['viewer']);
    await store.accounts.update(olga.id, { rolesJson: '["operator"]' });
    expect((await bySession(olga))?.session?.raise).not.toBeNull();
    Object.assign(access, { elevation: [] });
    expect((await bySession(olga))?.session?.raise).toBeNull();
  });

  test('C20 ends open streams with it', async () => {
    const olga = await somebody(['operator']);
    await olga.raise(60_000);
    const endless = defineEndpoint({
      method: 'GET',
      path: '/x',
      summary: '',
      permission: 'dead-letter:purge',
      input: z.object({}),
      reply: null,
      run: async () => new StreamReply(new ReadableStream({ start: (to) => to.enqueue(new Uint8Array(1)) })),
    });
    const request = new Request(`http://${HOST}/x`, { headers: { cookie: olga.cookie, host: HOST } });
    const reader = (await handle(endless).GET(request)).body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    const startedAt = Date.now();
    await olga.lower();
    expect((await reader?.read())?.done).toBe(true);
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect((await handle(endless).GET(request)).status).toBe(403);
  });
});

describe('an account of an OpenID provider', () => {
  const oidc = { issuer: ISSUER, tokensForMs: 1_000_000 } as AccessConfig['oidc'];

  test('lives by the provider of the configuration alone, with or without a slash at its end', async () => {
    const dora = await somebody(['viewer'], `${ISSUER} sub`, Date.now());
    expect(await bySession(dora)).toBeNull();
    Object.assign(access, { oidc: { ...oidc, issuer: `${ISSUER}/` } });
    expect((await bySession(dora))?.actor.authMethod).toBe('oidc');
    Object.assign(access, { oidc: { ...oidc, issuer: `${ISSUER}-two` } });
    expect([await bySession(dora), await byToken(dora)]).toEqual([null, null]);
  });

  test('has tokens that end when it has not come by there for long', async () => {
    Object.assign(access, { oidc });
    expect(await byToken(await somebody(['viewer'], `${ISSUER} new`, Date.now() - 900_000))).not.toBeNull();
    expect(await byToken(await somebody(['viewer'], `${ISSUER} old`, Date.now() - 1_100_000))).toBeNull();
  });

  test('is the only one that signs people in where passwords are off; programs of others go on', async () => {
    const ann = await somebody(['viewer']);
    expect(await bySession(ann)).not.toBeNull();
    Object.assign(access, { hasPasswordSignIn: false });
    expect(await bySession(ann)).toBeNull();
    expect(await byToken(ann)).not.toBeNull();
  });
});
