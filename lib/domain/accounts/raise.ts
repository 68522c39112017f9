import type { Session } from '@/lib/store/sessions';
import type { StoreTables } from '@/lib/store/tables';
import { recordAudit } from '../audit/record';
import type { Actor, Ctx } from '../ctx';
import { DomainError } from '../errors';
import type { AuditCtx } from '../mutation-audit';
import { auditAccount } from './audit';
import { rolesOf } from './roles-of';
import { shortHash } from './token';

/** A role that a session has for a while besides those of its account. */
export interface Raise {
  role: string;
  /** Epoch ms. */
  until: number;
  reason: string;
}
/** What somebody may raise his role to. */
export interface RaiseOffer {
  role: string;
  maxMinutes: number;
}

/** Of a session that has one now. */
export const raiseOf = (session: Session, now: number): Raise | null =>
  session.raisedRole !== null && session.raisedUntil !== null && now < session.raisedUntil
    ? { role: session.raisedRole, until: session.raisedUntil, reason: session.raisedReason ?? '' }
    : null;

/**
 * Gives one session another role for some minutes, and says so in the audit trail with the reason. `DomainError` FORBIDDEN
 * `raise_not_offered`, INVALID `raise_too_long`, CONFLICT `raise_under_way`.
 */
export async function raiseRole(
  ctx: Ctx,
  sessionId: string,
  { role, minutes, reason }: { role: string; minutes: number; reason: string },
  offers: readonly RaiseOffer[],
): Promise<Raise> {
  const offer = offers.find((each) => each.role === role);
  if (!offer) {
    await recordAudit(
      { ...ctx, cluster: null },
      {
        action: 'role.raise',
        resource: { type: 'account', name: ctx.actor.name },
        outcome: 'denied',
        params: { role, minutes, reason },
        error: 'raise_not_offered',
      },
    );
    throw new DomainError('FORBIDDEN', 'raise_not_offered', { role: role.slice(0, 40) });
  }
  if (minutes > offer.maxMinutes)
    throw new DomainError('INVALID', 'raise_too_long', { minutes, max: offer.maxMinutes });
  const raise = { role, until: ctx.now() + minutes * 60_000, reason };
  await ctx.store.transaction(async (tables) => {
    const session = await tables.sessions.get(sessionId);
    if (!session) throw new DomainError('UNAUTHENTICATED', 'unauthenticated');
    if (raiseOf(session, ctx.now())) throw new DomainError('CONFLICT', 'raise_under_way');
    if (session.raisedRole !== null) await auditRaiseEnd(ctx, tables, session, 'time');
    await tables.sessions.raise(sessionId, raise);
    await auditAccount(ctx, tables, 'role.raise', ctx.actor.name, { role, minutes, until: raise.until, reason });
  });
  return raise;
}

/** Before its time, by whoever has it. Without one nothing is done. */
export async function endRaise(ctx: Ctx, sessionId: string): Promise<void> {
  await ctx.store.transaction(async (tables) => {
    const session = await tables.sessions.get(sessionId);
    if (!session?.raisedRole) return;
    await auditRaiseEnd(ctx, tables, session, 'hand');
    await tables.sessions.raise(sessionId, null);
  });
}

/** Those whose time is over: it counts by itself, and this puts it into the trail. Answers when the next one ends, epoch ms. */
export async function endElapsedRaises(ctx: Pick<Ctx, 'store' | 'now'>): Promise<number | null> {
  return ctx.store.transaction(async (tables) => {
    const raised = await tables.sessions.raised();
    const isOver = ({ raisedUntil }: Session) => (raisedUntil ?? 0) <= ctx.now();
    for (const session of raised.filter(isOver)) {
      await auditRaiseEnd({ now: ctx.now, requestId: 'clock' }, tables, session, 'time');
      await tables.sessions.raise(session.id, null);
    }
    const left = raised.filter((session) => !isOver(session)).map(({ raisedUntil }) => raisedUntil ?? 0);
    return left.length === 0 ? null : Math.min(...left);
  });
}

/** Ends sessions, and with them what they were raised to. */
export async function removeSessions(ctx: Ctx, tables: StoreTables, sessions: readonly Session[]): Promise<void> {
  for (const session of sessions) {
    if (session.raisedRole !== null) await auditRaiseEnd(ctx, tables, session, 'session');
    await tables.sessions.remove(session.id);
  }
}

/** All of an account, but for one. */
export async function removeSessionsOf(ctx: Ctx, tables: StoreTables, account: string, except?: string): Promise<void> {
  const sessions = await tables.sessions.ofAccount(account);
  await removeSessions(
    ctx,
    tables,
    sessions.filter(({ id }) => id !== except),
  );
}

/** In the name of who had it: by his hand, by the clock, or with the session. */
async function auditRaiseEnd(
  ctx: Pick<AuditCtx, 'now' | 'requestId'>,
  tables: StoreTables,
  session: Session,
  by: 'hand' | 'time' | 'session',
): Promise<void> {
  const account = await tables.accounts.get(session.accountId);
  const { raisedRole: role, raisedUntil: until, raisedReason: reason } = session;
  const name = account?.name ?? 'unknown';
  const actor: Actor = {
    id: session.accountId,
    name,
    roles: [...(account ? rolesOf(account) : []), role ?? ''],
    grants: [],
    within: null,
    authMethod: session.authMethod,
    sessionHash: shortHash(session.tokenHash),
    ip: session.ip,
  };
  await recordAudit(
    { now: ctx.now, requestId: ctx.requestId, store: tables, cluster: null, actor },
    { action: 'role.lower', resource: { type: 'account', name }, params: { role, until, reason, by } },
  );
}
