import type { AuditChain, AuditFilterInput, AuditRow } from '@/lib/contract/audit';
import type { AuditFilter } from '@/lib/store/audit';
import type { AuditVerdict, AuditRow as Stored } from '@/lib/store/audit-chain';
import type { Ctx } from '../ctx';
import { permittedGroups } from '../permission';

/** An entry as the API shows it. */
export function rowOf(stored: Stored): AuditRow {
  const params = paramsOf(stored);
  return {
    seq: stored.seq,
    at: stored.at,
    actor: {
      id: stored.actorId,
      name: stored.actorName,
      roles: stored.actorRole.split(',').filter(Boolean),
      authMethod: stored.authMethod,
    },
    ip: stored.ip,
    requestId: stored.requestId,
    operationId: stored.operationId,
    cluster: stored.cluster,
    action: stored.action,
    resource: { type: stored.resourceType, name: stored.resourceName },
    phase: stored.phase,
    outcome: stored.outcome,
    reason: typeof params?.reason === 'string' ? params.reason : null,
    counts: stored.countsJson === null ? null : (JSON.parse(stored.countsJson) as Record<string, number>),
    error: stored.error,
  };
}

export const paramsOf = ({ paramsJson }: Pick<Stored, 'paramsJson'>): Record<string, unknown> | null =>
  paramsJson === null ? null : (JSON.parse(paramsJson) as Record<string, unknown>);

const DAY_MS = 24 * 3_600_000;
const AGES_MS = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS, all: null } as const;

/** What the asker may see of the trail: that of the cluster which was asked for and of what belongs to none, or of his groups alone. */
export const seenBy = ({
  actor,
  cluster,
}: Pick<Ctx, 'actor' | 'cluster'>): Pick<AuditFilter, 'seenFrom' | 'groups'> => ({
  seenFrom: cluster,
  groups: permittedGroups(actor, 'audit:read', cluster) ?? undefined,
});

export function filterOf(
  ctx: Pick<Ctx, 'actor' | 'cluster' | 'now'>,
  { last, ...query }: AuditFilterInput,
): AuditFilter {
  const ageMs = last === undefined ? null : AGES_MS[last];
  const from = Math.max(query.from ?? 0, ageMs === null ? 0 : ctx.now() - ageMs);
  return {
    ...seenBy(ctx),
    who: query.who,
    action: query.action,
    outcome: query.outcome,
    resourceName: query.resource,
    text: query.q || undefined,
    from: from > 0 ? from : undefined,
    to: query.to,
  };
}

export const chainOf = ({ at, verdict }: { at: number; verdict: AuditVerdict }): AuditChain => ({
  at,
  rows: verdict.rows,
  broken: verdict.isIntact
    ? null
    : { seq: verdict.seq, problem: verdict.problem, since: verdict.problem === 'REWRITTEN' ? verdict.since : null },
});
