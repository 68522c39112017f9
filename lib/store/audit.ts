import { type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import {
  type AuditHead,
  type AuditRow,
  type AuditVerdict,
  hashOf,
  type KnownHeads,
  START,
  walkChain,
} from './audit-chain';
import type { AuditOutcome, AuditPhase } from './audit-schema';
import type { Schema } from './schema';

type Optional =
  | 'ip'
  | 'requestId'
  | 'operationId'
  | 'cluster'
  | 'paramsJson'
  | 'previewHash'
  | 'countsJson'
  | 'error'
  | 'authMethod'
  | 'sessionHash';
export type AuditEntry = Omit<AuditRow, 'seq' | 'prevHash' | 'hash' | Optional> & Partial<Pick<AuditRow, Optional>>;

export interface AuditFilter {
  cluster?: string | undefined;
  /** Of this cluster, and of none: who signed in. */
  seenFrom?: string | undefined;
  actorId?: string | undefined;
  /** Id or name. */
  who?: string | undefined;
  action?: string | undefined;
  phase?: AuditPhase | undefined;
  outcome?: AuditOutcome | undefined;
  resourceName?: string | undefined;
  /** Of groups alone whose name meets a pattern (`pay-*`) of each list. */
  groups?: readonly (readonly string[])[] | undefined;
  operationId?: string | undefined;
  /** Stands somewhere in a request's or operation's id, in what was acted on or in the name of who did it. */
  text?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
  /** Exclusive bounds of `seq`. */
  before?: number | undefined;
  after?: number | undefined;
}

/** So few that neither the store nor the event loop is held for long. */
const WALK_ROWS = 100;
const SEARCHED = ['requestId', 'operationId', 'resourceName', 'actorName'] as const;
const EQUAL = ['cluster', 'actorId', 'action', 'phase', 'outcome', 'resourceName', 'operationId'] as const;

export function audit(db: Kysely<Schema>) {
  async function head(): Promise<AuditHead> {
    const row = await db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
    return row ?? START;
  }

  async function appendWithin(scope: Kysely<Schema>, entry: AuditEntry): Promise<AuditHead> {
    const last = await audit(scope).head();
    const unhashed = { ...EMPTY, ...entry, seq: last.seq + 1, prevHash: last.hash };
    const row: AuditRow = { ...unhashed, hash: hashOf(unhashed) };
    await scope.insertInto('audit').values(row).execute();
    return { seq: row.seq, hash: row.hash };
  }

  /** Oldest first. */
  const after = (seq: number, limit: number): Promise<AuditRow[]> =>
    db.selectFrom('audit').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute();

  return {
    /** Chains the entry to the newest row, in the caller's transaction or in one of its own. */
    append(entry: AuditEntry): Promise<AuditHead> {
      return db.isTransaction
        ? appendWithin(db, entry)
        : db.transaction().execute((scope) => appendWithin(scope, entry));
    },
    head,
    after,
    get(seq: number): Promise<AuditRow | undefined> {
      return db.selectFrom('audit').selectAll().where('seq', '=', seq).executeTakeFirst();
    },
    /** Newest first, unless `oldestFirst`. */
    list({ limit, oldestFirst = false, ...filter }: AuditFilter & { limit: number; oldestFirst?: boolean }) {
      const rows: Promise<AuditRow[]> = matching(db, filter)
        .selectAll()
        .orderBy('seq', oldestFirst ? 'asc' : 'desc')
        .limit(limit)
        .execute();
      return rows;
    },
    async count(filter: AuditFilter): Promise<number> {
      const { count } = await matching(db, filter)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return count;
    },
    /** Who is in the part of the trail that is seen from a cluster, by the name each had last; the most recent ones. */
    actors(seen: Pick<AuditFilter, 'seenFrom' | 'groups'>, limit: number): Promise<{ id: string; name: string }[]> {
      const newest = matching(db, seen)
        .select(({ fn }) => fn.max('seq').as('newest'))
        .groupBy('actorId')
        .orderBy('newest', 'desc')
        .limit(limit);
      return db
        .selectFrom('audit')
        .select(['actorId as id', 'actorName as name'])
        .where('seq', 'in', newest)
        .orderBy(sql`"actorName" collate nocase`)
        .execute();
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
    /** Walks the chain to its end of the moment and names the first bad row. `onRows`: how many have been looked at. */
    async verify(known: KnownHeads = new Map(), onRows: (rows: number) => void = () => {}): Promise<AuditVerdict> {
      const chain = walkChain(known);
      for (;;) {
        const rows = await after(chain.head.seq, WALK_ROWS);
        for (const row of rows) {
          const broken = chain.take(row);
          if (broken) return { isIntact: false, rows: chain.head.seq, ...broken };
        }
        onRows(chain.head.seq);
        if (rows.length < WALK_ROWS) break;
      }
      const cut = chain.end();
      if (cut) return { isIntact: false, rows: chain.head.seq, ...cut };
      return { isIntact: true, rows: chain.head.seq, head: chain.head };
    },
    /** How far `name` has been told of the trail. */
    async feed(name: string): Promise<AuditHead> {
      const row = await db.selectFrom('auditFeed').select(['seq', 'hash']).where('name', '=', name).executeTakeFirst();
      return row ?? START;
    },
    async moveFeed(name: string, { seq, hash }: AuditHead): Promise<void> {
      await db
        .insertInto('auditFeed')
        .values({ name, seq, hash })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ seq, hash }))
        .execute();
    },
  };
}

type Where = ExpressionBuilder<Schema, 'audit'>;

function matching(db: Kysely<Schema>, filter: AuditFilter): SelectQueryBuilder<Schema, 'audit', object> {
  let query = db.selectFrom('audit');
  for (const column of EQUAL) {
    const wanted = filter[column];
    if (wanted !== undefined) query = query.where(column, '=', wanted as never);
  }
  const { seenFrom, groups, who, text, from, to, before, after } = filter;
  if (seenFrom !== undefined)
    query = query.where((eb: Where) => eb.or([eb('cluster', '=', seenFrom), eb('cluster', 'is', null)]));
  if (groups !== undefined)
    query = query
      .where('resourceType', '=', 'group')
      .where(({ and, or }: Where) =>
        and(groups.map((patterns) => or(patterns.map((each) => sql<boolean>`"resourceName" glob ${each}`)))),
      );
  if (who !== undefined)
    query = query.where((eb: Where) => eb.or([eb('actorId', '=', who), eb('actorName', '=', who)]));
  if (text !== undefined)
    query = query.where(({ or, fn, val }: Where) =>
      or(SEARCHED.map((column) => fn<number>('instr', [fn('lower', [column]), val(text.toLowerCase())]) as never)),
    );
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  if (before !== undefined) query = query.where('seq', '<', before);
  if (after !== undefined) query = query.where('seq', '>', after);
  return query;
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
  authMethod: null,
  sessionHash: null,
};
