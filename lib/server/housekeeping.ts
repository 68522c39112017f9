import 'server-only';
import { noteHead, verifyChain } from '@/lib/domain/audit/chain';
import type { Store } from '@/lib/store/open';
import type { Settings } from './env';
import { removeExpiredExports } from './job-export';
import { log } from './log';

const EVERY_MS = 60_000;
/** The chain is walked a minute after the start, and then so often. */
const VERIFIED_EVERY_MS = 3_600_000;
/** What became of a letter can be looked up for so long after the cluster has lost it. */
const GONE_LETTERS_KEPT_MS = 7 * 24 * 3_600_000;

/**
 * Every minute: forgets expired plans, ended sessions and letters long gone, removes files of jobs no longer kept, and writes
 * the head of the audit chain to the log, where a cut tail shows. Every hour it walks the chain.
 */
export function startHousekeeping(
  store: Store,
  { dataDir, sessions }: Pick<Settings, 'dataDir' | 'sessions'>,
): () => void {
  let logged = '';
  let verifiedAt = 0;

  async function verify(): Promise<void> {
    verifiedAt = Date.now();
    const verdict = await verifyChain(store, Date.now).ended;
    if (verdict.isIntact) log.info({ auditRows: verdict.rows }, 'audit chain verified');
    else log.error({ auditSeq: verdict.seq, problem: verdict.problem }, 'audit chain broken');
  }

  const timer = setInterval(async () => {
    try {
      await store.plans.sweep(Date.now());
      await store.sessions.sweep(Date.now(), Date.now() - sessions.idleMs);
      await store.letters.sweep(Date.now() - GONE_LETTERS_KEPT_MS);
      const removed = await removeExpiredExports(dataDir, Date.now());
      if (removed.length > 0) log.info({ removed }, 'expired files of jobs removed');
      const head = await noteHead(store);
      if (head.hash !== logged) log.info({ auditSeq: head.seq, auditHash: head.hash }, 'audit head');
      logged = head.hash;
      if (Date.now() - verifiedAt > VERIFIED_EVERY_MS) await verify();
    } catch (error) {
      log.warn({ err: error }, 'housekeeping failed');
    }
  }, EVERY_MS);
  return () => clearInterval(timer);
}
