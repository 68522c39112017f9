import 'server-only';
import type { Store } from '@/lib/store/open';
import { removeExpiredExports } from './job-export';
import { log } from './log';

const EVERY_MS = 60_000;

/** Every minute: forgets expired plans, removes exports no longer kept, and writes the head of the audit chain to the log, where a cut tail shows. */
export function startHousekeeping(store: Store, dataDir: string): () => void {
  let logged = '';
  const timer = setInterval(async () => {
    try {
      await store.plans.sweep(Date.now());
      const removed = await removeExpiredExports(dataDir, Date.now());
      if (removed.length > 0) log.info({ removed }, 'expired exports removed');
      const head = await store.audit.head();
      if (head && head.hash !== logged) log.info({ auditSeq: head.seq, auditHash: head.hash }, 'audit head');
      logged = head?.hash ?? '';
    } catch (error) {
      log.warn({ err: error }, 'housekeeping failed');
    }
  }, EVERY_MS);
  return () => clearInterval(timer);
}
