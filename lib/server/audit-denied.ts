import 'server-only';
import type { Scope } from '@/lib/contract/granted';
import type { Permission } from '@/lib/contract/permissions';
import { recordAudit } from '@/lib/domain/audit/record';
import type { Ctx } from '@/lib/domain/ctx';

/** A write that somebody tried without leave stands in the audit trail before it is refused. Errors as `recordAudit`. */
export const auditDenied = (
  ctx: Ctx,
  { permission, path }: { permission: Permission; path: string },
  { group, topic }: Scope,
): Promise<void> =>
  recordAudit(ctx, {
    action: 'request.denied',
    resource:
      group !== undefined
        ? { type: 'group', name: group }
        : topic !== undefined
          ? { type: 'topic', name: topic }
          : { type: 'cluster', name: ctx.cluster },
    phase: 'intent',
    outcome: 'denied',
    params: { path },
    error: `not_permitted ${permission}`,
  });
