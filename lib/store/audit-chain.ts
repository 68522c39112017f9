import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { AuditTable } from './audit-schema';
import { canonicalJson } from './canonical-json';

export type AuditRow = Selectable<AuditTable>;
export interface AuditHead {
  seq: number;
  hash: string;
}

/** Hashes by `seq` that were seen earlier, as in a log: they uncover a cut end, and a chain that was made anew. */
export type KnownHeads = ReadonlyMap<number, string>;

/**
 * `seq` names the row. CHANGED: not as it was written. MISSING: the first that is not there. TAIL_MISSING: the first of the newest
 * ones that are not there. REWRITTEN: the chain fits, yet this row's hash is not the one seen earlier: of the rows from `since` to
 * it, one was changed and all after it were hashed anew.
 */
export type AuditBreak =
  | { seq: number; problem: 'CHANGED' | 'MISSING' | 'TAIL_MISSING' }
  | { seq: number; problem: 'REWRITTEN'; since: number };
export type AuditVerdict =
  | { isIntact: true; rows: number; head: AuditHead }
  | ({ isIntact: false; rows: number } & AuditBreak);

export const START: AuditHead = { seq: 0, hash: '0'.repeat(64) };

/** Columns that came later: a row without them has the hash that it had before. */
const LATER = ['authMethod', 'sessionHash'] as const;

export function hashOf({ prevHash, ...row }: Omit<AuditRow, 'hash'>): string {
  const hashed: Record<string, unknown> = row;
  for (const column of LATER) if (hashed[column] === null) delete hashed[column];
  return createHash('sha256').update(prevHash).update(canonicalJson(hashed)).digest('hex');
}

/** Whether a row is as it was written, by its own word. */
export const isItself = ({ hash, ...row }: AuditRow): boolean => hash === hashOf(row);

/** Takes the rows from the first on, and names the first that is not in order. */
export function walkChain(known: KnownHeads): {
  take(row: AuditRow): AuditBreak | null;
  end(): AuditBreak | null;
  readonly head: AuditHead;
} {
  let last = START;
  let seen = 0;
  return {
    take(row) {
      if (row.seq !== last.seq + 1) return { seq: last.seq + 1, problem: 'MISSING' };
      if (!isItself(row)) return { seq: row.seq, problem: 'CHANGED' };
      // This row is whole and tells the hash that the one before it had: that one was changed, and hashed anew.
      if (row.prevHash !== last.hash) return { seq: Math.max(1, last.seq), problem: 'CHANGED' };
      const earlier = known.get(row.seq);
      if (earlier !== undefined && earlier !== row.hash) return { seq: row.seq, problem: 'REWRITTEN', since: seen + 1 };
      if (earlier !== undefined) seen = row.seq;
      last = { seq: row.seq, hash: row.hash };
      return null;
    },
    end: () =>
      [...known.keys()].some((seq) => seq > last.seq) ? { seq: last.seq + 1, problem: 'TAIL_MISSING' } : null,
    get head() {
      return last;
    },
  };
}
