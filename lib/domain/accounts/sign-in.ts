import { ulid } from 'ulid';
import { type Account, nameKeyOf } from '@/lib/store/accounts';
import type { AuthMethod } from '@/lib/store/accounts-schema';
import type { StoreTables } from '@/lib/store/tables';
import { recordAudit } from '../audit/record';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { isPassword } from './password';
import { removeSessions } from './raise';
import { rolesOf } from './roles-of';
import type { SignInThrottle } from './throttle';
import { newToken, tokenHash } from './token';

/** What a browser is, as far as it says. */
export interface Visitor {
  userAgent: string;
  /** Of the session it has now, which ends with a sign-in. */
  sessionId: string | null;
}

export interface SessionLimits {
  /** Without a sign of a person, ms. */
  idleMs: number;
  /** In all, ms. */
  maxMs: number;
}

/** A session that has just begun; the token is told once and not kept. */
export interface StartedSession {
  token: string;
  account: Account;
  expiresAt: number;
}

/**
 * Checks name and password. `DomainError`: TOO_MANY `sign_in_paused` with the seconds to wait; UNAUTHENTICATED
 * `sign_in_wrong` with the tries left, the same whether the name exists, is disabled or has another password.
 */
export async function signIn(
  ctx: Ctx,
  { name, password }: { name: string; password: string },
  visitor: Visitor,
  { throttle, limits }: { throttle: SignInThrottle; limits: SessionLimits },
): Promise<StartedSession> {
  const key = nameKeyOf(name);
  const { ip } = ctx.actor;
  const waitMs = throttle.waitMs(key, ip);
  if (waitMs > 0) {
    await auditSignIn(ctx, null, 'sign_in_paused', 'password');
    throw paused(waitMs);
  }
  const left = throttle.count(key, ip);
  const account = await ctx.store.accounts.byName(name);
  const isRight = await isPassword(password, account?.passwordHash ?? null);
  if (!account || !isRight || account.disabledAt !== null) {
    await auditSignIn(ctx, account ?? null, 'sign_in_wrong', 'password');
    throw left === 0 ? paused(throttle.waitMs(key, ip)) : new DomainError('UNAUTHENTICATED', 'sign_in_wrong', { left });
  }
  throttle.forgive(key, ip);
  return startSession(ctx, account, visitor, 'password', limits);
}

export const paused = (waitMs: number) =>
  new DomainError('TOO_MANY', 'sign_in_paused', {
    minutes: Math.ceil(waitMs / 60_000),
    retryAfterS: Math.ceil(waitMs / 1000),
  });

/** Begins a session under a new token, ends the one the browser had, and puts it into the audit trail, in one commit. */
export async function startSession(
  ctx: Ctx,
  account: Account,
  visitor: Visitor,
  authMethod: AuthMethod,
  { maxMs }: SessionLimits,
): Promise<StartedSession> {
  const token = newToken();
  const at = ctx.now();
  const expiresAt = at + maxMs;
  await ctx.store.transaction(async (tables) => {
    const before = visitor.sessionId ? await tables.sessions.get(visitor.sessionId) : undefined;
    if (before) await removeSessions(ctx, tables, [before]);
    await tables.sessions.insert({
      id: ulid(at),
      tokenHash: tokenHash(token),
      accountId: account.id,
      authMethod,
      ip: ctx.actor.ip,
      userAgent: visitor.userAgent.slice(0, 300),
      createdAt: at,
      lastSeenAt: at,
      expiresAt,
      raisedRole: null,
      raisedUntil: null,
      raisedReason: null,
    });
    await appendSignIn(ctx, tables, account, null, authMethod, undefined);
  });
  return { token, account, expiresAt };
}

/** Whose account it is, or whom a provider has named; null: nobody knows. */
type Named = Account | { name: string } | null;

/** Somebody was not let in. */
export const auditSignIn = (ctx: Ctx, who: Named, error: string, authMethod: AuthMethod, params?: object) =>
  ctx.store.transaction((tables) => appendSignIn(ctx, tables, who, error, authMethod, params));

/** What was typed may be a password in the wrong field: only names that exist get into the trail. */
function appendSignIn(
  ctx: Ctx,
  tables: StoreTables,
  who: Named,
  error: string | null,
  authMethod: AuthMethod,
  params: object | undefined,
) {
  const name = who?.name ?? 'unknown';
  const account = who && 'id' in who ? who : null;
  const roles = account ? rolesOf(account) : [];
  const actor = { ...ctx.actor, id: account?.id ?? 'unknown', name, roles, authMethod };
  return recordAudit(
    { ...ctx, store: tables, cluster: null, actor },
    {
      action: 'session.sign-in',
      resource: { type: 'account', name },
      outcome: error ? 'denied' : 'success',
      ...(error && { error }),
      ...(params && { params }),
    },
  );
}
