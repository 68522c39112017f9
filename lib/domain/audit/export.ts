import type { z } from 'zod';
import type { auditExportQuery } from '@/lib/contract/audit';
import { csvRow } from '@/lib/contract/csv-row';
import type { AuditRow } from '@/lib/store/audit-chain';
import type { Ctx } from '../ctx';
import { recordAudit } from './record';
import { filterOf } from './row';

const ROWS_AT_ONCE = 250;
const COLUMNS: readonly (keyof AuditRow)[] = [
  'seq',
  'at',
  'actorId',
  'actorName',
  'actorRole',
  'authMethod',
  'ip',
  'requestId',
  'sessionHash',
  'operationId',
  'cluster',
  'action',
  'resourceType',
  'resourceName',
  'paramsJson',
  'previewHash',
  'phase',
  'outcome',
  'countsJson',
  'error',
  'prevHash',
  'hash',
];

/**
 * The trail as a file, oldest first: JSON lines with every column as it is stored, so that the hashes can be checked, or a table for
 * spreadsheets. Who took how many entries is on record before the first of them leaves. UNAVAILABLE `audit_unavailable`.
 */
export async function exportAudit(
  ctx: Ctx,
  { format, ...query }: z.output<typeof auditExportQuery>,
): Promise<{ name: string; text: AsyncGenerator<string> }> {
  const head = await ctx.store.audit.head();
  // What comes later, this export's own entry too, is not in the file.
  const filter = { ...filterOf(ctx, query), before: head.seq + 1 };
  const entries = await ctx.store.audit.count(filter);
  const { cluster: _, ...asked } = query;
  await recordAudit(ctx, {
    action: 'audit.export',
    resource: { type: 'audit', name: 'audit' },
    params: { ...asked, format, upTo: head.seq },
    counts: { entries },
  });
  return { name: `audit-${ctx.cluster}-${head.seq}.${format}`, text: lines() };

  async function* lines(): AsyncGenerator<string> {
    if (format === 'csv') yield `\ufeff${csvRow(COLUMNS)}\r\n`;
    let after = 0;
    for (;;) {
      const rows = await ctx.store.audit.list({ ...filter, after, limit: ROWS_AT_ONCE, oldestFirst: true });
      yield rows.map((row) => (format === 'csv' ? csvLine(row) : `${JSON.stringify(row)}\n`)).join('');
      if (rows.length < ROWS_AT_ONCE) return;
      after = rows.at(-1)?.seq ?? after;
    }
  }
}

const csvLine = (row: AuditRow): string =>
  `${csvRow(COLUMNS.map((column) => (column === 'at' ? new Date(row.at).toISOString() : row[column])))}\r\n`;
