import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DomainError } from '@/lib/domain/errors';
import { OidcSignIn } from './oidc';
import type { OidcConfig } from './oidc-config';
import { Secret } from './secret';

/** A provider that says whatever a test wants it to: real ones cannot be made to lie (e2e/oidc.spec.ts asks one). */
const REDIRECT = 'http://127.0.0.1:8080/sign-in/callback';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const others = generateKeyPairSync('rsa', { modulusLength: 2048 });
let server: Server;
let issuer: string;
let claims: Record<string, unknown>;
let userInfo: Record<string, unknown>;
let signedBy: KeyObject;
let metadata: Record<string, unknown>;
let asked: URLSearchParams;

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
function idToken(): string {
  const text = `${base64({ alg: 'RS256', kid: 'k' })}.${base64(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), signedBy).toString('base64url')}`;
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const json = (value: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    if (request.url === '/.well-known/openid-configuration')
      return json({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        userinfo_endpoint: `${issuer}/me`,
        ...metadata,
      });
    if (request.url === '/jwks')
      return json({ keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }] });
    if (request.url === '/me') return json(userInfo);
    let body = '';
    for await (const chunk of request) body += chunk;
    asked = new URLSearchParams(body);
    return json({ access_token: 'canary-access', token_type: 'Bearer', id_token: idToken() });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const now = () => Math.floor(Date.now() / 1000);
const configured = (over: Partial<OidcConfig> = {}): OidcConfig => ({
  issuer,
  clientId: 'redrive',
  clientSecret: new Secret('canary-secret'),
  scopes: ['openid'],
  nameClaim: 'preferred_username',
  groupsClaim: 'groups',
  roles: { sre: ['operator'], leads: ['admin', 'operator'] },
  label: 'x',
  tokensForMs: 1,
  ...over,
});
beforeEach(() => {
  claims = {
    iss: issuer,
    aud: 'redrive',
    sub: 's-1',
    iat: now(),
    exp: now() + 60,
    preferred_username: 'dora',
    groups: ['sre'],
  };
  userInfo = { sub: 's-1' };
  signedBy = keys.privateKey;
  metadata = {};
});

async function signIn(over: Partial<OidcConfig> = {}, change: (nonce: string) => void = () => {}) {
  const oidc = new OidcSignIn(configured(over));
  const { url, pending } = await oidc.begin(REDIRECT, '/');
  claims.nonce = pending.nonce;
  change(pending.nonce);
  return {
    url: new URL(url),
    pending,
    identity: await oidc.finish(REDIRECT, `code=canary-code&state=${pending.state}`, pending),
  };
}
const failing = (...args: Parameters<typeof signIn>) =>
  signIn(...args).then(
    () => null,
    (error: DomainError) => error,
  );

describe('an OpenID provider', () => {
  test('is asked with state, nonce and a proof that only we can give', async () => {
    const { url, pending, identity } = await signIn();
    expect(identity).toEqual({ issuer, subject: 's-1', name: 'dora', groups: ['sre'] });
    const challenge = createHash('sha256').update(pending.verifier).digest('base64url');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: 'redrive',
      redirect_uri: REDIRECT,
      response_type: 'code',
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    expect(asked.get('code_verifier')).toBe(pending.verifier);
    expect(url.href).not.toContain('canary');
  });

  test('tells groups in the ID token, at its userinfo address, or somewhere inside', async () => {
    delete claims.groups;
    userInfo = { sub: 's-1', groups: 'leads' };
    expect((await signIn()).identity.groups).toEqual(['leads']);
    claims.realm_access = { roles: ['a', 7, 'b'] };
    expect((await signIn({ groupsClaim: 'realm_access.roles' })).identity.groups).toEqual(['a', 'b']);
    claims['https://example/groups'] = ['c'];
    expect((await signIn({ groupsClaim: 'https://example/groups' })).identity.groups).toEqual(['c']);
    expect((await signIn({ groupsClaim: 'constructor.name' })).identity.groups).toEqual([]);
  });

  test.each([
    ['for another application', () => (claims.aud = 'other'), 'oidc_token'],
    ['of another issuer', () => (claims.iss = 'https://evil.example'), 'oidc_token'],
    ['for another sign-in', () => (claims.nonce = 'other'), 'oidc_token'],
    ['signed by somebody else', () => (signedBy = others.privateKey), 'oidc_token'],
    ['that has expired', () => (claims.exp = now() - 120), 'oidc_clock'],
    [
      'whose person is another at the userinfo address',
      () => {
        delete claims.groups;
        userInfo = { sub: 's-2', groups: ['leads'] };
      },
      'oidc_token',
    ],
  ])('lets nobody in by a token %s', async (_, change, key) => {
    const error = await failing({}, change);
    expect(error?.key).toBe(key);
    expect(JSON.stringify([error, error?.message, error?.cause])).not.toMatch(/canary|eyJ/);
  });

  test('may be a minute late or early', async () => {
    claims.exp = now() - 30;
    expect((await signIn()).identity.subject).toBe('s-1');
    claims = { ...claims, exp: now() + 60, iat: now() + 30, nbf: now() + 30 };
    expect((await signIn()).identity.subject).toBe('s-1');
  });

  test.each([
    ['its keys elsewhere over plain HTTP', { jwks_uri: 'http://keys.example/jwks' }],
    ['its sign-in at no web address', { authorization_endpoint: 'javascript:alert(1)' }],
    ['itself otherwise', { issuer: 'https://evil.example' }],
  ])('that names %s is not used', async (_, given) => {
    metadata = given;
    expect((await failing())?.key).toBe('oidc_unusable');
  });

  test('that is silent is asked again the next time', async () => {
    const oidc = new OidcSignIn(configured({ issuer: 'http://127.0.0.1:1' }));
    await expect(oidc.begin(REDIRECT, '/')).rejects.toMatchObject({ code: 'UNAVAILABLE', key: 'oidc_unreachable' });
    metadata = { issuer: 'https://evil.example' };
    const other = new OidcSignIn(configured());
    await expect(other.begin(REDIRECT, '/')).rejects.toMatchObject({ key: 'oidc_unusable' });
    metadata = {};
    await expect(other.begin(REDIRECT, '/')).resolves.toBeDefined();
  });

  test('has ten minutes', async () => {
    let at = Date.now();
    const oidc = new OidcSignIn(configured(), () => at);
    const { pending } = await oidc.begin(REDIRECT, '/');
    at += 601_000;
    const late = oidc.finish(REDIRECT, `code=c&state=${pending.state}`, pending);
    await expect(late).rejects.toMatchObject({ key: 'oidc_lost' });
  });

  test('gives the roles of all groups it names, and of no other', () => {
    const oidc = new OidcSignIn(configured());
    expect(oidc.rolesOf(['lunch', 'leads', 'sre'])).toEqual(['operator', 'admin']);
    expect(oidc.rolesOf(['SRE', 'constructor'])).toEqual([]);
  });
});
