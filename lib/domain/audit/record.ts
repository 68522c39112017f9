import type { AuditOutcome, AuditPhase } from '@/lib/store/audit-schema';
import type { StoreTables } from '@/lib/store/tables';
import type { Ctx } from '../ctx';
import { type AuditCtx, auditEntry } from '../mutation-audit';
import { unavailable } from './unavailable';

/** Something somebody did, or was refused, that is no operation of the journal. */
export interface AuditedAct {
  /** Noun and verb, e.g. `session.sign-in`; its words stand in lib/i18n `audit.action.`. */
  action: string;
  resource: Parameters<typeof auditEntry>[2];
  /** `result` unless said. */
  phase?: AuditPhase;
  /** `success` unless said. */
  outcome?: AuditOutcome;
  /** Never a secret: it is kept for good. */
  params?: unknown;
  counts?: Record<string, number>;
  /** A key, with what it is about behind a blank: `not_permitted dead-letter:purge`. */
  error?: string;
  operation?: Parameters<typeof auditEntry>[3]['operation'];
}

/**
 * Puts an act into the audit trail: call it before the act is answered. In a transaction hand in its tables, so that act and record
 * are one commit. `DomainError`: UNAVAILABLE `audit_unavailable`; then the act must not be done.
 */
export async function recordAudit(
  ctx: AuditCtx & { store: Pick<StoreTables, 'audit'> },
  { action, resource, phase = 'result', outcome = 'success', ...fact }: AuditedAct,
): Promise<void> {
  try {
    await ctx.store.audit.append(auditEntry(ctx, { name: action }, resource, { phase, outcome, ...fact }));
  } catch (error) {
    throw unavailable(error);
  }
}

/** Somebody is about to be shown bodies of a topic; recorded as configured. Errors as `recordAudit`: then they must not be shown. */
export async function recordBodyRead(
  ctx: Ctx,
  { topic, count, isMasked }: { topic: string; count?: number; isMasked: boolean },
): Promise<void> {
  const wanted = ctx.auditBodyReads ?? 'masked';
  if (wanted === 'off' || (wanted === 'masked' && !isMasked)) return;
  await recordAudit(ctx, {
    action: 'message.read',
    resource: { type: 'topic', name: topic },
    params: { isMasked },
    ...(count !== undefined && { counts: { bodies: count } }),
  });
}
