import { ulid } from 'ulid';
import { type Account, nameKeyOf } from '@/lib/store/accounts';
import type { StoreTables } from '@/lib/store/tables';
import type { Actor, Ctx } from '../ctx';
import { DomainError } from '../errors';
import { auditAccount } from './audit';
import { removeSessionsOf } from './raise';
import { rolesOf } from './roles-of';
import { auditSignIn, type SessionLimits, type StartedSession, startSession, type Visitor } from './sign-in';
import { subjectOf } from './subject';

/** Whom an OpenID provider says somebody is. */
export interface Identity {
  issuer: string;
  /** The provider's own name of the account, which never becomes another's. */
  subject: string;
  /** For the eye alone: who is called so may change. */
  name: string | null;
  groups: readonly string[];
}

const NAME_MAX = 64;

/**
 * Lets in whom a provider vouches for, as issuer and subject say and never by name; roles are those of the groups, each
 * time anew. `DomainError` FORBIDDEN: `oidc_no_role` when no group is given a role, which also takes from the account
 * what it had; `oidc_disabled`.
 */
export async function signInExternally(
  ctx: Ctx,
  identity: Identity,
  roles: readonly string[],
  visitor: Visitor,
  limits: SessionLimits,
): Promise<StartedSession> {
  const account = await ctx.store.transaction((tables) => confirm(ctx, tables, identity, roles));
  const denied = account?.disabledAt != null ? 'oidc_disabled' : roles.length === 0 ? 'oidc_no_role' : null;
  if (!account || denied) {
    const key = denied ?? 'oidc_no_role';
    const { subject, groups } = identity;
    const said = { subject: subject.slice(0, 255), groups: groups.slice(0, 50).map((each) => each.slice(0, 100)) };
    await auditSignIn(ctx, account ?? { name: printable(identity) }, key, 'oidc', said);
    throw new DomainError('FORBIDDEN', key, {
      name: account?.name ?? printable(identity),
      groups: said.groups.slice(0, 10).join(', '),
      count: groups.length,
    });
  }
  return startSession(ctx, account, visitor, 'oidc', limits);
}

/** The account as the provider says it is now; undefined: there is none, and nothing to make one for. */
async function confirm(
  ctx: Ctx,
  tables: StoreTables,
  identity: Identity,
  roles: readonly string[],
): Promise<Account | undefined> {
  const at = ctx.now();
  const subject = subjectOf(identity);
  const known = await tables.accounts.bySubject(subject);
  if (!known && roles.length === 0) return undefined;
  const name = await freeName(tables, identity, known?.id);
  const account: Account = {
    id: known?.id ?? ulid(at),
    name,
    nameKey: nameKeyOf(name),
    subject,
    passwordHash: null,
    rolesJson: JSON.stringify(roles),
    createdAt: known?.createdAt ?? at,
    disabledAt: known?.disabledAt ?? null,
    confirmedAt: at,
  };
  if (!known) await tables.accounts.insert(account);
  else await tables.accounts.update(known.id, account);
  if (roles.length === 0) await removeSessionsOf(ctx, tables, account.id);
  const had = known ? rolesOf(known) : null;
  if (had?.join() !== roles.join() || known?.name !== name) {
    const own = { ...ctx, actor: asActor(ctx.actor, account) };
    await auditAccount(own, tables, known ? 'account.change' : 'account.create', name, { roles, by: identity.issuer });
  }
  return account;
}

const asActor = (actor: Actor, account: Account): Actor => ({
  ...actor,
  id: account.id,
  name: account.name,
  roles: rolesOf(account),
  authMethod: 'oidc',
});

/** Two people may be called the same: whoever comes later is told apart by where he is from. */
async function freeName(tables: StoreTables, identity: Identity, id: string | undefined): Promise<string> {
  const plain = printable(identity);
  const host = new URL(identity.issuer).host;
  const names = [plain, `${plain} (${host})`, `${plain} (${host} ${identity.subject.slice(0, 20)})`];
  for (const name of names) {
    const holder = await tables.accounts.byName(name);
    if (!holder || holder.id === id) return name;
  }
  return `${plain} (${host} ${ulid()})`;
}

/** What a provider calls somebody, without what does not print. */
function printable({ name, subject }: Identity): string {
  const text = (name ?? '').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').trim();
  return [...(text || subject.replace(/\p{C}/gu, ''))].slice(0, NAME_MAX).join('');
}
