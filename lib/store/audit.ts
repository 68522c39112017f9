import { createHash } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import { canonicalJson } from './canonical-json';
import type { AuditTable, Schema } from './schema';

export type AuditRow = Selectable<AuditTable>;
type Optional = 'ip' | 'requestId' | 'operationId' | 'cluster' | 'paramsJson' | 'previewHash' | 'countsJson' | 'error';
export type AuditEntry = Omit<AuditRow, 'seq' | 'prevHash' | 'hash' | Optional> & Partial<Pick<AuditRow, Optional>>;
export interface AuditHead {
  seq: number;
  hash: string;
}
export type AuditVerdict =
  | { isIntact: true; rows: number; head: AuditHead }
  | { isIntact: false; seq: number; problem: 'CHANGED' | 'MISSING' | 'TAIL_MISSING' };

const GENESIS = '0'.repeat(64);

export function audit(db: Kysely<Schema>) {
  async function head(): Promise<AuditHead> {
    const row = await db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
    return row ?? { seq: 0, hash: GENESIS };
  }

  async function appendWithin(scope: Kysely<Schema>, entry: AuditEntry): Promise<AuditHead> {
    const last = await audit(scope).head();
    const unhashed = { ...EMPTY, ...entry, seq: last.seq + 1, prevHash: last.hash };
    const row: AuditRow = { ...unhashed, hash: hashOf(unhashed) };
    await scope.insertInto('audit').values(row).execute();
    return { seq: row.seq, hash: row.hash };
  }

  return {
    /** Chains the entry to the newest row, in the caller's transaction or in one of its own. */
    append(entry: AuditEntry): Promise<AuditHead> {
      return db.isTransaction
        ? appendWithin(db, entry)
        : db.transaction().execute((scope) => appendWithin(scope, entry));
    },
    head,
    /** Newest first; `before` is a `seq`. */
    list(filter: {
      cluster?: string;
      actorId?: string;
      action?: string;
      resourceName?: string;
      operationId?: string;
      from?: number;
      to?: number;
      before?: number;
      limit: number;
    }): Promise<AuditRow[]> {
      let query = db.selectFrom('audit').selectAll();
      for (const column of ['cluster', 'actorId', 'action', 'resourceName', 'operationId'] as const) {
        const wanted = filter[column];
        if (wanted !== undefined) query = query.where(column, '=', wanted);
      }
      if (filter.from !== undefined) query = query.where('at', '>=', filter.from);
      if (filter.to !== undefined) query = query.where('at', '<', filter.to);
      if (filter.before !== undefined) query = query.where('seq', '<', filter.before);
      return query.orderBy('seq', 'desc').limit(filter.limit).execute();
    },
    async hasIntent(operationId: string): Promise<boolean> {
      const row = await db
        .selectFrom('audit')
        .select('seq')
        .where('operationId', '=', operationId)
        .where('phase', '=', 'intent')
        .where('outcome', '=', 'allowed')
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    /** Walks the chain and names the first bad row; `knownHead`, from the log, uncovers a cut-off end. */
    async verify(knownHead?: AuditHead): Promise<AuditVerdict> {
      let last: AuditHead = { seq: 0, hash: GENESIS };
      for (;;) {
        const page = await db
          .selectFrom('audit')
          .selectAll()
          .where('seq', '>', last.seq)
          .orderBy('seq')
          .limit(1000)
          .execute();
        for (const row of page) {
          if (row.seq !== last.seq + 1) return { isIntact: false, seq: last.seq + 1, problem: 'MISSING' };
          const { hash, ...unhashed } = row;
          const isGood =
            row.prevHash === last.hash &&
            hash === hashOf(unhashed) &&
            (row.seq !== knownHead?.seq || hash === knownHead.hash);
          if (!isGood) return { isIntact: false, seq: row.seq, problem: 'CHANGED' };
          last = { seq: row.seq, hash };
        }
        if (page.length < 1000) break;
      }
      if (knownHead && knownHead.seq > last.seq) return { isIntact: false, seq: last.seq + 1, problem: 'TAIL_MISSING' };
      return { isIntact: true, rows: last.seq, head: last };
    },
  };
}

const EMPTY: Pick<AuditRow, Optional> = {
  ip: null,
  requestId: null,
  operationId: null,
  cluster: null,
  paramsJson: null,
  previewHash: null,
  countsJson: null,
  error: null,
};

const hashOf = ({ prevHash, ...row }: Omit<AuditRow, 'hash'>) =>
  createHash('sha256').update(prevHash).update(canonicalJson(row)).digest('hex');
