import 'server-only';
import { z } from 'zod';
import { accountChangeInput, accountRow, accountsReply, newAccountInput } from '@/lib/contract/accounts';
import { auditAccount } from '@/lib/domain/accounts/audit';
import { changeAccount, createAccount } from '@/lib/domain/accounts/manage';
import { rolesOf } from '@/lib/domain/accounts/roles-of';
import type { Ctx } from '@/lib/domain/ctx';
import { DomainError } from '@/lib/domain/errors';
import { BUILT_IN_ROLES, isPermittedEverywhere, notPermitted } from '@/lib/domain/permission';
import type { Account } from '@/lib/store/accounts';
import { ApiError } from '../api-error';
import { auditDenied } from '../audit-denied';
import { defineEndpoint } from '../endpoint';
import { runtime } from '../runtime';

/** Whoever gives roles could give himself any: that takes leave for everything there is. */
async function requireAdministrator(ctx: Ctx, path: string): Promise<void> {
  if (isPermittedEverywhere(ctx.actor, 'administer')) return;
  await auditDenied(ctx, { permission: 'administer', path }, {});
  throw notPermitted('administer');
}

/** What an administrator may not do either stands in the trail too. */
async function refusalsKept<T>(ctx: Ctx, id: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'CONFLICT') {
      const name = (await ctx.store.accounts.get(id))?.name ?? id;
      await auditAccount(ctx, ctx.store, 'account.change', name, {}, error.key);
    }
    throw error;
  }
}

function requireKnownRoles(roles: readonly string[] = []): void {
  const known = runtime().settings.access.roles;
  const unknown = roles.find((role) => !Object.hasOwn(known, role));
  if (unknown !== undefined)
    throw new ApiError(400, 'invalid', 'unknown_role', { role: unknown, known: Object.keys(known).join(', ') });
}

const rowOf = (account: Account, lastSeenAt: number | null) => ({
  id: account.id,
  name: account.name,
  roles: rolesOf(account),
  isExternal: account.subject !== null,
  createdAt: account.createdAt,
  disabledAt: account.disabledAt,
  lastSeenAt,
});

async function shown({ store }: Ctx, account: Account) {
  const [last] = await store.sessions.ofAccount(account.id);
  return rowOf(account, last?.lastSeenAt ?? null);
}

export const accountsList = defineEndpoint({
  method: 'GET',
  path: '/api/accounts',
  summary: 'Accounts, and the roles there are',
  permission: 'administer',
  input: z.object({}),
  reply: accountsReply,
  async run(ctx) {
    if (!isPermittedEverywhere(ctx.actor, 'administer')) throw notPermitted('administer');
    const accounts = await ctx.store.accounts.list();
    const { roles } = runtime().settings.access;
    return {
      items: await Promise.all(accounts.map((account) => shown(ctx, account))),
      roles: Object.entries(roles).map(([name, grants]) => ({
        name,
        isBuiltIn: Object.hasOwn(BUILT_IN_ROLES, name),
        grants: [...grants],
      })),
    };
  },
});

export const accountCreate = defineEndpoint({
  method: 'POST',
  path: '/api/accounts',
  summary: 'Make an account',
  permission: 'administer',
  input: newAccountInput,
  reply: accountRow,
  deadlineMs: 20_000,
  async run(ctx, input) {
    await requireAdministrator(ctx, '/api/accounts');
    requireKnownRoles(input.roles);
    return shown(ctx, await createAccount(ctx, input));
  },
});

export const accountChange = defineEndpoint({
  method: 'POST',
  path: '/api/accounts/change',
  summary: 'Change roles, disable, enable, or set a new password; works from the next request on',
  permission: 'administer',
  input: accountChangeInput,
  reply: accountRow,
  deadlineMs: 20_000,
  async run(ctx, { id, ...patch }) {
    await requireAdministrator(ctx, '/api/accounts/change');
    requireKnownRoles(patch.roles);
    return shown(ctx, await refusalsKept(ctx, id, () => changeAccount(ctx, id, patch)));
  },
});
