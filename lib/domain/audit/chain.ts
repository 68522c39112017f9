import type { AuditHead, AuditVerdict } from '@/lib/store/audit-chain';
import type { StoreTables } from '@/lib/store/tables';
import { memoryOf } from '../memory-of';

type Trail = Pick<StoreTables, 'audit'>;

/** What this process knows of its chain. */
export interface ChainWatch {
  /** The last whole walk. */
  checked: { at: number; verdict: AuditVerdict } | null;
  /** The walk under way, one for everybody who asks. */
  running: { rows: number; total: number; ended: Promise<AuditVerdict> } | null;
  /** The newest row that this process has seen: a trail that ends before it was cut. */
  seen: AuditHead | null;
}

export const chainWatch = (store: Trail): ChainWatch =>
  memoryOf(store.audit, 'audit-chain', () => ({ checked: null, running: null, seen: null }));

/** Name of the feed whose place is compared too: what collectors were told. */
export const STDOUT_FEED = 'stdout';

/** Walks the chain in pieces, or joins the walk under way. `StoreError` of the store. */
export function verifyChain(store: Trail, now: () => number): NonNullable<ChainWatch['running']> {
  const watch = chainWatch(store);
  if (watch.running) return watch.running;
  const running: NonNullable<ChainWatch['running']> = { rows: 0, total: 0, ended: walk() };
  watch.running = running;
  return running;

  async function walk(): Promise<AuditVerdict> {
    try {
      const [head, feed] = await Promise.all([store.audit.head(), store.audit.feed(STDOUT_FEED)]);
      running.total = head.seq;
      const known = new Map([feed, ...(watch.seen ? [watch.seen] : [])].map(({ seq, hash }) => [seq, hash]));
      known.delete(0);
      const verdict = await store.audit.verify(known, (rows) => {
        running.rows = rows;
        running.total = Math.max(running.total, rows);
      });
      watch.checked = { at: now(), verdict };
      if (verdict.isIntact) watch.seen = verdict.head;
      return verdict;
    } finally {
      watch.running = null;
    }
  }
}

/** The newest row now, remembered: what is cut off after this is noticed. */
export async function noteHead(store: Trail): Promise<AuditHead> {
  const head = await store.audit.head();
  const watch = chainWatch(store);
  if (head.seq > (watch.seen?.seq ?? 0)) watch.seen = head;
  return head;
}
