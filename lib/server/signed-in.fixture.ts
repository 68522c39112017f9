import { createApiToken } from '@/lib/domain/accounts/api-tokens';
import { actorOf } from '@/lib/domain/actors.fixture';
import type { Ctx } from '@/lib/domain/ctx';
import { BUILT_IN_ROLES } from '@/lib/domain/permission';
import type { Store } from '@/lib/store/open';

/** What settings a runtime needs for anybody to be let in. */
export const ACCESS_SETTINGS = {
  access: { roles: BUILT_IN_ROLES, masking: [], oidc: null, hasPasswordSignIn: true, elevation: [] },
  sessions: { idleMs: 30 * 60_000, maxMs: 12 * 3_600_000 },
};

/** Headers of somebody with an account and an API token that may do what the account may. */
export async function signedIn(
  store: Store,
  name = 'Ann',
  roles: string[] = ['admin'],
): Promise<Record<string, string>> {
  const id = `account-${name}`.padEnd(26, '0');
  await store.accounts.insert({
    id,
    name,
    nameKey: name.toLowerCase(),
    subject: null,
    passwordHash: null,
    rolesJson: JSON.stringify(roles),
    createdAt: 0,
    disabledAt: null,
    confirmedAt: null,
  });
  const ctx = { store, now: Date.now, actor: actorOf('admin', { id, name }), requestId: 'r' } as unknown as Ctx;
  const all = BUILT_IN_ROLES.admin?.flatMap(({ allow }) => allow) ?? [];
  const scope = { allow: all, clusters: ['*'], groups: ['*'], topics: ['*'] };
  const { token } = await createApiToken(ctx, { name: 'test', days: 1, scope });
  return { host: '127.0.0.1:8080', authorization: `Bearer ${token}` };
}
