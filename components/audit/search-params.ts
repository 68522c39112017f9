import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { AUDIT_AGES, AUDIT_OUTCOMES } from '@/lib/contract/words';
import type { AuditInput } from '@/lib/queries/audit';

/** Address of /audit. */
export const auditParams = {
  cluster: parseAsString,
  q: parseAsString.withDefault(''),
  who: parseAsString,
  action: parseAsString,
  outcome: parseAsStringLiteral(AUDIT_OUTCOMES),
  resource: parseAsString,
  last: parseAsStringLiteral(AUDIT_AGES).withDefault('7d'),
  from: parseAsString,
  to: parseAsString,
  entry: parseAsInteger,
};
export const readAuditParams = createLoader(auditParams);
export type AuditParams = Awaited<ReturnType<typeof readAuditParams>>;

/** What both the server and the browser ask, so that the first HTML is not asked again. */
export const auditInput = ({
  cluster,
  q,
  who,
  action,
  outcome,
  resource,
  last,
  from,
  to,
}: AuditParams): AuditInput => ({
  cluster: cluster ?? undefined,
  q: q || undefined,
  who: who ?? undefined,
  action: action ?? undefined,
  outcome: outcome ?? undefined,
  resource: resource ?? undefined,
  // A span of one's own is not cut by the usual one.
  last: from || to ? undefined : last,
  from: from ?? undefined,
  to: to ?? undefined,
});
