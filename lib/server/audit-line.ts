import 'server-only';
import type { AuditRow } from '@/lib/store/audit-chain';

const ECS_VERSION = '8.17.0';
const OUTCOMES: Partial<Record<AuditRow['outcome'], 'success' | 'failure'>> = {
  success: 'success',
  failure: 'failure',
  denied: 'failure',
};
/** By the noun of the action; the rest are changes of the cluster or of the journal. */
const KINDS: Record<string, { category: string[]; type: string }> = {
  session: { category: ['authentication', 'session'], type: 'info' },
  account: { category: ['iam'], type: 'change' },
  token: { category: ['iam'], type: 'change' },
  role: { category: ['iam'], type: 'change' },
  message: { category: ['database'], type: 'access' },
  audit: { category: ['database'], type: 'access' },
  jobs: { category: ['file'], type: 'access' },
};
const CHANGE = { category: ['configuration'], type: 'change' };

/**
 * An audit row for collectors: Elastic Common Schema, what it has no name for under `redrive`. `event.dataset` tells these lines
 * from the program's own. Every column is in it, so the hash can be computed again.
 */
export function auditLine(row: AuditRow): object {
  const { category, type } = KINDS[row.action.split('.', 1)[0] ?? ''] ?? CHANGE;
  const params = row.paramsJson === null ? null : (JSON.parse(row.paramsJson) as { reason?: unknown });
  return withoutNulls({
    '@timestamp': new Date(row.at).toISOString(),
    ecs: { version: ECS_VERSION },
    message: `${row.actorName}: ${row.action} ${row.resourceName}, ${row.phase} ${row.outcome}`,
    event: {
      kind: 'event',
      module: 'redrive',
      dataset: 'redrive.audit',
      id: row.hash,
      hash: row.hash,
      sequence: row.seq,
      category,
      type: row.outcome === 'denied' ? ['denied'] : [type],
      action: row.action,
      outcome: OUTCOMES[row.outcome] ?? 'unknown',
      reason: typeof params?.reason === 'string' ? params.reason : null,
    },
    user: { id: row.actorId, name: row.actorName, roles: row.actorRole.split(',').filter(Boolean) },
    source: row.ip === null ? null : { ip: row.ip },
    http: row.requestId === null ? null : { request: { id: row.requestId } },
    error: row.error === null ? null : { code: row.error },
    redrive: {
      cluster: row.cluster,
      resource: { type: row.resourceType, name: row.resourceName },
      operation: row.operationId === null ? null : { id: row.operationId },
      phase: row.phase,
      outcome: row.outcome,
      auth_method: row.authMethod,
      session_hash: row.sessionHash,
      preview_hash: row.previewHash,
      // As text: whatever it holds, a collector's index gets no new fields.
      params: row.paramsJson,
      counts: row.countsJson,
      prev_hash: row.prevHash,
    },
  });
}

function withoutNulls(value: Record<string, unknown>): object {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [
        name,
        typeof member === 'object' && !Array.isArray(member) ? withoutNulls(member as Record<string, unknown>) : member,
      ]),
  );
}
