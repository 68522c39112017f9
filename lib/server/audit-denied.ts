import 'server-only';
import type { Scope } from '@/lib/contract/granted';
import type { Permission } from '@/lib/contract/permissions';
import type { Ctx } from '@/lib/domain/ctx';
import { DomainError } from '@/lib/domain/errors';
import { canonicalJson } from '@/lib/store/canonical-json';

/** A write that somebody tried without leave stands in the audit trail before it is refused. `DomainError` UNAVAILABLE `audit_unavailable`. */
export async function auditDenied(
  ctx: Ctx,
  { permission, path }: { permission: Permission; path: string },
  { group, topic }: Scope,
): Promise<void> {
  const { actor } = ctx;
  try {
    await ctx.store.audit.append({
      at: ctx.now(),
      actorId: actor.id,
      actorName: actor.name,
      actorRole: actor.roles.join(','),
      ip: actor.ip,
      requestId: ctx.requestId,
      cluster: ctx.cluster,
      action: permission.replace(':', '.'),
      resourceType: group !== undefined ? 'group' : topic !== undefined ? 'topic' : 'cluster',
      resourceName: group ?? topic ?? ctx.cluster,
      paramsJson: canonicalJson({ path }),
      phase: 'intent',
      outcome: 'denied',
      error: 'not_permitted',
    });
  } catch {
    throw new DomainError('UNAVAILABLE', 'audit_unavailable');
  }
}
