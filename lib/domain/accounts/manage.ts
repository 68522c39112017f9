import { ulid } from 'ulid';
import { type Account, nameKeyOf } from '@/lib/store/accounts';
import { isUniqueViolation } from '@/lib/store/errors';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { auditAccount } from './audit';
import { hashPassword, isPassword, PASSWORD_MAX, PASSWORD_MIN } from './password';
import { removeSessionsOf } from './raise';
import { rolesOf } from './roles-of';
import { paused } from './sign-in';
import type { SignInThrottle } from './throttle';

export interface NewAccount {
  name: string;
  password: string;
  roles: readonly string[];
}

/** `DomainError` INVALID `password_short` `password_long` `password_is_name`, CONFLICT `account_exists`. */
export async function createAccount(ctx: Ctx, { name, password, roles }: NewAccount): Promise<Account> {
  const account: Account = {
    id: ulid(ctx.now()),
    name,
    nameKey: nameKeyOf(name),
    subject: null,
    passwordHash: await newPasswordHash(name, password),
    rolesJson: JSON.stringify(roles),
    createdAt: ctx.now(),
    disabledAt: null,
    confirmedAt: null,
  };
  try {
    await ctx.store.transaction(async (tables) => {
      await tables.accounts.insert(account);
      await auditAccount(ctx, tables, 'account.create', name, { roles });
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new DomainError('CONFLICT', 'account_exists', { name });
    throw error;
  }
  return account;
}

export interface AccountPatch {
  roles?: readonly string[] | undefined;
  isDisabled?: boolean | undefined;
  /** A new one, set by an administrator; ends every session of the account. */
  password?: string | undefined;
}

/** What an administrator changes. `DomainError` NOT_FOUND `unknown_account`, CONFLICT `account_external` `last_admin`, and those of passwords. */
export async function changeAccount(ctx: Ctx, id: string, patch: AccountPatch): Promise<Account> {
  const account = await ctx.store.accounts.get(id);
  if (!account) throw new DomainError('NOT_FOUND', 'unknown_account', { id });
  if (account.subject !== null && (patch.roles || patch.password !== undefined))
    throw new DomainError('CONFLICT', 'account_external', { name: account.name });
  const passwordHash = patch.password === undefined ? undefined : await newPasswordHash(account.name, patch.password);
  return ctx.store.transaction(async (tables) => {
    const changed: Account = {
      ...account,
      ...(patch.roles && { rolesJson: JSON.stringify(patch.roles) }),
      ...(patch.isDisabled !== undefined && { disabledAt: patch.isDisabled ? ctx.now() : null }),
      ...(passwordHash !== undefined && { passwordHash }),
    };
    await tables.accounts.update(id, changed);
    const others = await tables.accounts.list();
    if (isAdmin(account) && !others.some(isAdmin))
      throw new DomainError('CONFLICT', 'last_admin', { name: account.name });
    if (patch.isDisabled || passwordHash !== undefined) await removeSessionsOf(ctx, tables, id);
    if (patch.isDisabled) await tables.apiTokens.removeOfAccount(id);
    const { password, ...said } = patch;
    await auditAccount(ctx, tables, 'account.change', account.name, {
      ...said,
      ...(password !== undefined && { password: true }),
    });
    return changed;
  });
}

const isAdmin = (account: Account): boolean => account.disabledAt === null && rolesOf(account).includes('admin');

/**
 * One's own. Ends every other session. A wrong present one counts as at the sign-in: who sits at somebody else's machine
 * must not be able to try all of them. `DomainError` INVALID `password_wrong`, TOO_MANY `sign_in_paused`, and those of passwords.
 */
export async function changeOwnPassword(
  ctx: Ctx,
  { current, next }: { current: string; next: string },
  sessionId: string | null,
  throttle: SignInThrottle,
): Promise<void> {
  const account = await ctx.store.accounts.get(ctx.actor.id);
  const key = nameKeyOf(ctx.actor.name);
  const { ip } = ctx.actor;
  const waitMs = throttle.waitMs(key, ip);
  if (waitMs > 0) throw paused(waitMs);
  throttle.count(key, ip);
  if (!account?.passwordHash || !(await isPassword(current, account.passwordHash))) {
    await ctx.store.transaction((tables) =>
      auditAccount(ctx, tables, 'account.password', ctx.actor.name, {}, 'password_wrong'),
    );
    throw new DomainError('INVALID', 'password_wrong');
  }
  throttle.forgive(key, ip);
  const passwordHash = await newPasswordHash(account.name, next);
  await ctx.store.transaction(async (tables) => {
    await tables.accounts.update(account.id, { passwordHash });
    await removeSessionsOf(ctx, tables, account.id, sessionId ?? undefined);
    await auditAccount(ctx, tables, 'account.password', account.name);
  });
}

async function newPasswordHash(name: string, password: string): Promise<string> {
  const length = [...password].length;
  if (length < PASSWORD_MIN) throw new DomainError('INVALID', 'password_short', { min: PASSWORD_MIN });
  if (length > PASSWORD_MAX) throw new DomainError('INVALID', 'password_long', { max: PASSWORD_MAX });
  if (nameKeyOf(password) === nameKeyOf(name)) throw new DomainError('INVALID', 'password_is_name');
  return hashPassword(password);
}
