import { ulid } from 'ulid';
import type { Grant } from '@/lib/contract/permissions';
import type { ApiToken } from '@/lib/store/api-tokens';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { auditAccount } from './audit';
import { newToken, tokenHash } from './token';

const DAY_MS = 24 * 3_600_000;
/** Programs find out what a token is; people and scanners see that it is one. */
export const TOKEN_PREFIX = 'redrive_';

/** A token for a program, shown once. It may do what its owner may, as far as `scope` goes. */
export async function createApiToken(
  ctx: Ctx,
  { name, days, scope }: { name: string; days: number; scope: Grant },
): Promise<{ row: ApiToken; token: string }> {
  const at = ctx.now();
  const token = TOKEN_PREFIX + newToken();
  const row: ApiToken = {
    id: ulid(at),
    tokenHash: tokenHash(token),
    accountId: ctx.actor.id,
    name,
    scopeJson: JSON.stringify(scope),
    createdAt: at,
    expiresAt: at + days * DAY_MS,
    lastUsedAt: null,
  };
  await ctx.store.transaction(async (tables) => {
    await tables.apiTokens.insert(row);
    await auditAccount(ctx, tables, 'token.create', ctx.actor.name, { token: row.id, name, days, scope });
  });
  return { row, token };
}

/** Works from the next request on. `DomainError` NOT_FOUND `unknown_token`. */
export async function removeApiToken(ctx: Ctx, id: string): Promise<void> {
  await ctx.store.transaction(async (tables) => {
    if (!(await tables.apiTokens.remove(ctx.actor.id, id))) throw new DomainError('NOT_FOUND', 'unknown_token', { id });
    await auditAccount(ctx, tables, 'token.end', ctx.actor.name, { token: id });
  });
}
