import 'server-only';
import type { Grant } from '@/lib/contract/permissions';
import { TOKEN_PREFIX } from '@/lib/domain/accounts/api-tokens';
import { type Raise, raiseOf } from '@/lib/domain/accounts/raise';
import { rolesOf } from '@/lib/domain/accounts/roles-of';
import { isOfIssuer } from '@/lib/domain/accounts/subject';
import { shortHash, tokenHash } from '@/lib/domain/accounts/token';
import type { Actor } from '@/lib/domain/ctx';
import type { Account } from '@/lib/store/accounts';
import { cookieOf, ownCookie } from './cookies';
import { raiseOffers } from './raises';
import { runtime } from './runtime';

/** Who a request comes from, and by what. */
export interface Caller {
  actor: Actor;
  /** Null: by an API token. */
  session: { id: string; idleEndsAt: number; endsAt: number; raise: Raise | null } | null;
}

/** What a request brings to say who it is from. */
export interface Credentials {
  host: string | null;
  cookie: string | null;
  authorization: string | null;
  ip: string;
  /** How long ago a person last did something in the browser, ms; null: the request itself is a sign of one. */
  idleMs: number | null;
}

export const sessionCookie = (host: string | null): string => ownCookie('redrive', host);
/** The store is told at most this often that somebody is still there. */
const SEEN_EVERY_MS = 30_000;

/**
 * Asked for every request, of the store itself: what is revoked is so from the next one on. Null for whatever is no
 * valid session or token. A token counts alone, so that no cookie makes up for one that has ended; other schemes are for
 * whatever stands in front of the console.
 */
export async function authenticate(given: Credentials): Promise<Caller | null> {
  if (given.authorization !== null && /^Bearer\b/i.test(given.authorization))
    return byApiToken(given.authorization, given.ip);
  const token = cookieOf(given.cookie, sessionCookie(given.host));
  return token === undefined ? null : bySession(token, given);
}

async function bySession(token: string, { ip, idleMs }: Credentials): Promise<Caller | null> {
  const { store, settings } = runtime();
  const hash = tokenHash(token);
  const found = await store.sessions.byHash(hash);
  if (!found) return null;
  const { session, account } = found;
  const now = Date.now();
  const { idleMs: idleLimit } = settings.sessions;
  const hasEnded = now >= session.expiresAt || now >= session.lastSeenAt + idleLimit;
  if (hasEnded || account.disabledAt !== null || !maySignIn(account)) return null;
  const seenAt = Math.max(session.lastSeenAt, now - (idleMs ?? 0));
  if (seenAt - session.lastSeenAt >= SEEN_EVERY_MS) await store.sessions.seen(session.id, seenAt).catch(() => {});
  const raise = raiseOf(session, now);
  // Whoever has lost the role that he raised has lost what it was raised to.
  const stillRaised = raise && raiseOffers(rolesOf(account)).some(({ role }) => role === raise.role) ? raise : null;
  return {
    actor: actorOf(
      account,
      { authMethod: session.authMethod, sessionHash: shortHash(hash), ip, within: null },
      stillRaised,
    ),
    session: {
      id: session.id,
      idleEndsAt: Math.min(session.expiresAt, seenAt + idleLimit),
      endsAt: session.expiresAt,
      raise: stillRaised,
    },
  };
}

async function byApiToken(authorization: string, ip: string): Promise<Caller | null> {
  const token = /^Bearer ([\w-]{20,200})$/i.exec(authorization)?.[1];
  if (!token?.startsWith(TOKEN_PREFIX)) return null;
  const { store } = runtime();
  const hash = tokenHash(token);
  const row = await store.apiTokens.byHash(hash);
  const now = Date.now();
  if (!row || now >= row.expiresAt) return null;
  const account = await store.accounts.get(row.accountId);
  if (!account || account.disabledAt !== null || !isVouchedFor(account, now)) return null;
  if (now - (row.lastUsedAt ?? 0) >= SEEN_EVERY_MS) await store.apiTokens.used(row.id, now).catch(() => {});
  const within = JSON.parse(row.scopeJson) as Grant;
  return { actor: actorOf(account, { authMethod: 'token', sessionHash: shortHash(hash), ip, within }), session: null };
}

/** By the configuration as it is now: its provider, or passwords as long as they are wanted. */
function maySignIn(account: Account): boolean {
  const { oidc, hasPasswordSignIn } = runtime().settings.access;
  return account.subject === null ? hasPasswordSignIn : isOfIssuer(account, oidc?.issuer);
}

/** Nobody tells us when a provider's account ends: its tokens live on only for a while after it was last seen there. */
function isVouchedFor(account: Account, now: number): boolean {
  const { oidc } = runtime().settings.access;
  if (account.subject === null) return true;
  return isOfIssuer(account, oidc?.issuer) && now < (account.confirmedAt ?? 0) + (oidc?.tokensForMs ?? 0);
}

function actorOf(
  account: Account,
  how: Pick<Actor, 'authMethod' | 'sessionHash' | 'ip' | 'within'>,
  raise: Raise | null = null,
): Actor {
  const roles = rolesOf(account);
  return {
    id: account.id,
    name: account.name,
    roles: raise ? [...roles, raise.role] : roles,
    grants: [...grantsOf(roles), ...(raise ? raisedGrants(raise.role) : [])],
    ...how,
  };
}

/** What a role allows that one has for a while: all of it but managing accounts, which could make it last. */
export const raisedGrants = (role: string): Grant[] =>
  grantsOf([role])
    .map((grant) => ({ ...grant, allow: grant.allow.filter((each) => each !== 'administer') }))
    .filter(({ allow }) => allow.length > 0);

/** A role that the configuration no longer has allows nothing. */
const grantsOf = (roles: readonly string[]): Grant[] =>
  roles.flatMap((role) => {
    const { access } = runtime().settings;
    return Object.hasOwn(access.roles, role) ? (access.roles[role] ?? []) : [];
  });

/** Somebody who has not said who they are: signs in, or sets the console up. */
export const anonymous = (ip: string): Actor => ({
  id: '',
  name: '',
  roles: [],
  grants: [],
  within: null,
  authMethod: 'password',
  sessionHash: null,
  ip,
});
