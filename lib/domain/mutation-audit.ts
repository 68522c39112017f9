import type { AuditEntry } from '@/lib/store/audit';
import type { AuditOutcome, AuditPhase } from '@/lib/store/audit-schema';
import { canonicalJson } from '@/lib/store/canonical-json';
import type { Operation } from '@/lib/store/operations';
import { withoutSecrets } from './audit/params';
import type { Actor, Ctx } from './ctx';
import type { JobResult } from './jobs/job-spec';
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

/** The file that a job wrote, by its hash: it can be held against the trail. One that only pauses writes it again. */
export function auditedFile({ state, result }: Outcome): { file: object } | undefined {
  const { file } = (result ?? {}) as JobResult;
  if (!file || state === 'PAUSED') return undefined;
  const { name, bytes, sha256, count } = file;
  return { file: { name, bytes, sha256, count } };
}

const PARAMS_LIMIT = 16 * 1024;

/** What a record needs to know of who asks; what happens outside of any cluster, such as a sign-in, has none. */
export type AuditCtx = Pick<Ctx, 'actor' | 'requestId' | 'now'> & { cluster: string | null };

/** One row of the audit trail (safety §6.5); long parameters, such as 1,000 ids, stand in the operation's journal. */
export function auditEntry(
  ctx: AuditCtx,
  mutation: { name: string },
  resource: { type: Resource['type'] | AuditOnly; name: string },
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
    fact.params === undefined
      ? null
      : canonicalJson({
          ...(withoutSecrets(fact.params) as object),
          ...(operation?.reason !== undefined && { reason: operation.reason }),
        });
  return {
    at: ctx.now(),
    ...identityOf(ctx.actor),
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

/** What the trail knows of besides what is written to. */
export type AuditOnly = 'job' | 'console' | 'account' | 'audit' | 'message';

function identityOf({ id, name, roles, ip, authMethod, sessionHash }: Actor) {
  return { actorId: id, actorName: name, actorRole: roles.join(','), ip, authMethod, sessionHash };
}
