import { canonicalJson } from '@/lib/store/canonical-json';
import type { StoreTables } from '@/lib/store/tables';
import type { Ctx } from '../ctx';

/** One row about an account, in the transaction that changes it. */
export async function auditAccount(
  ctx: Ctx,
  tables: StoreTables,
  action: string,
  name: string,
  params: object = {},
): Promise<void> {
  const { actor } = ctx;
  await tables.audit.append({
    at: ctx.now(),
    actorId: actor.id,
    actorName: actor.name,
    actorRole: actor.roles.join(','),
    ip: actor.ip,
    requestId: ctx.requestId,
    action: `account.${action}`,
    resourceType: 'account',
    resourceName: name,
    paramsJson: canonicalJson(params),
    phase: 'result',
    outcome: 'success',
  });
}
