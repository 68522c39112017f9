import type { StoreTables } from '@/lib/store/tables';
import { recordAudit } from '../audit/record';
import type { Ctx } from '../ctx';

/** One row about an account, in the transaction that changes it; with an error it was refused. */
export const auditAccount = (
  ctx: Ctx,
  tables: StoreTables,
  action: string,
  name: string,
  params: object = {},
  error?: string,
): Promise<void> =>
  recordAudit(
    { ...ctx, store: tables, cluster: null },
    { action, resource: { type: 'account', name }, params, ...(error && { outcome: 'denied' as const, error }) },
  );
