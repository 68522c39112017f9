import type { AuditEntry } from '@/lib/store/audit';
import { canonicalJson } from '@/lib/store/canonical-json';
import type { Operation } from '@/lib/store/operations';
import type { AuditOutcome, AuditPhase } from '@/lib/store/schema';
import type { Ctx } from './ctx';
import type { Outcome, Resource } from './mutation';

const OUTCOMES: Record<Outcome['state'], AuditOutcome> = {
  DONE: 'success',
  PARTIAL: 'partial',
  PAUSED: 'partial',
  CANCELLED: 'partial',
  FAILED: 'failure',
};
/** Errors of a write that may or may not have been done. */
const MAYBE_DONE: readonly (string | undefined)[] = ['interrupted', 'maybe_run'];
export const auditOutcome = ({ state, error }: Outcome): AuditOutcome =>
  MAYBE_DONE.includes(error?.key) ? 'unknown' : OUTCOMES[state];

const PARAMS_LIMIT = 16 * 1024;

/** One row of the audit trail (safety §6.5); long parameters, such as 1,000 ids, stand in the operation's journal. */
export function auditEntry(
  ctx: Ctx,
  mutation: { name: string },
  resource: Pick<Resource, 'name'> & { type: Resource['type'] | 'job' },
  fact: {
    phase: AuditPhase;
    outcome: AuditOutcome;
    /** `reason`: why this is done, which need not be why the operation was started. */
    operation?: Pick<Operation, 'id' | 'previewHash'> & { reason?: string | undefined };
    params?: unknown;
    counts?: Record<string, number> | undefined;
    error?: string | undefined;
  },
): AuditEntry {
  const { operation, counts } = fact;
  const params =
    fact.params === undefined ? null : canonicalJson({ ...(fact.params as object), reason: operation?.reason });
  return {
    at: ctx.now(),
    actorId: ctx.actor.id,
    actorName: ctx.actor.name,
    actorRole: ctx.actor.roles.join(','),
    ip: ctx.actor.ip,
    requestId: ctx.requestId,
    operationId: operation?.id ?? null,
    cluster: ctx.cluster,
    action: mutation.name,
    resourceType: resource.type,
    resourceName: resource.name,
    paramsJson:
      params !== null && params.length > PARAMS_LIMIT
        ? canonicalJson({ reason: operation?.reason, inJournal: true })
        : params,
    previewHash: operation?.previewHash ?? null,
    phase: fact.phase,
    outcome: fact.outcome,
    countsJson: counts ? canonicalJson(counts) : null,
    error: fact.error ?? null,
  };
}
