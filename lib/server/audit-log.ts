import 'server-only';
import { STDOUT_FEED } from '@/lib/domain/audit/chain';
import type { AuditHead } from '@/lib/store/audit-chain';
import type { StoreTables } from '@/lib/store/tables';
import { auditLine } from './audit-line';
import { log } from './log';

const EVERY_MS = 1000;
const ROWS_AT_ONCE = 250;

/**
 * Tells collectors of every audit row, in order. The place is kept in the store after the lines were written: a crash in between
 * tells some rows again, and never leaves one out.
 */
export function startAuditLog(store: Pick<StoreTables, 'audit'>, write: (text: string) => void): () => void {
  let told: AuditHead | null = null;
  let isKept = true;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function tellNext(): Promise<boolean> {
    told ??= await store.audit.feed(STDOUT_FEED);
    const rows = await store.audit.after(told.seq, ROWS_AT_ONCE);
    const newest = rows.at(-1);
    if (newest) {
      write(rows.map((row) => `${JSON.stringify(auditLine(row))}\n`).join(''));
      told = { seq: newest.seq, hash: newest.hash };
      isKept = false;
    }
    if (!isKept) {
      await store.audit.moveFeed(STDOUT_FEED, told);
      isKept = true;
    }
    return rows.length === ROWS_AT_ONCE;
  }

  async function loop(): Promise<void> {
    try {
      while (!isStopped && (await tellNext()));
    } catch (error) {
      if (!isStopped) log.warn({ err: error }, 'audit rows wait to be told');
    }
    if (!isStopped) timer = setTimeout(() => void loop(), EVERY_MS);
  }
  void loop();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
