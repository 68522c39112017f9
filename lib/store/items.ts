import { type Compilable, type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import { chunks } from './chunks';
import { jsonColumns, jsonRows, statement } from './json-rows';
import { type ItemState, type ItemTable, type Schema, STORED_STATES, type TerminalReason } from './schema';

export type Item = Selectable<ItemTable>;
const RESULT = ['n', 'state', 'terminalReason'] as const;
export interface ItemResult extends Pick<Item, 'n' | 'state'> {
  terminalReason: TerminalReason | null;
}
export interface SourceIdentity {
  broker: string;
  phyOffset: number;
  uniqKey: string;
}

export function items(db: Kysely<Schema>) {
  const after = (operationId: string, n: number, limit: number) =>
    db
      .selectFrom('item')
      .selectAll()
      .where('operationId', '=', operationId)
      .where('n', '>', n)
      .orderBy('n')
      .limit(limit);
  const storedAfter = (operationId: string, n: number, limit: number) =>
    after(operationId, n, limit).where('state', 'in', STORED_STATES);

  return {
    /** Call within a transaction: the rows go in by pages. */
    async insertMany(rows: readonly Insertable<ItemTable>[]): Promise<void> {
      for (const chunk of chunks(rows)) await db.insertInto('item').values(chunk).execute();
    },
    get(operationId: string, n: number): Promise<Item | undefined> {
      return db
        .selectFrom('item')
        .selectAll()
        .where('operationId', '=', operationId)
        .where('n', '=', n)
        .executeTakeFirst();
    },
    /** In order of `n`, after `afterN`; of some states, or stored with one of some reasons. */
    async page(
      operationId: string,
      options: {
        states?: readonly ItemState[];
        /** Of these states only those with this reason. */
        reason?: TerminalReason;
        orReasons?: readonly TerminalReason[];
        afterN?: number;
        limit: number;
      },
    ): Promise<Item[]> {
      const { states, reason, orReasons = [], afterN = -1, limit } = options;
      const all = after(operationId, afterN, limit);
      if (!states) return all.execute();
      // Each state and each reason has its items in order; together they would be looked for among all items of the job.
      const parts = await Promise.all([
        ...states.map((state) => {
          const of = all.where('state', '=', state);
          return (reason === undefined ? of : of.where('terminalReason', '=', reason)).execute();
        }),
        ...orReasons.flatMap((each) =>
          STORED_STATES.map((state) => all.where('terminalReason', '=', each).where('state', '=', state).execute()),
        ),
      ]);
      const found = new Map(parts.flat().map((item) => [item.n, item]));
      return [...found.values()].sort((one, other) => one.n - other.n).slice(0, limit);
    },
    /** In order of `n`, after `afterN`: copies that are stored and whose end is not known: nothing seen yet, or on the retry ladder. */
    open: (operationId: string, afterN: number, limit: number): Promise<Item[]> =>
      storedAfter(operationId, afterN, limit)
        .where(({ eb, or }) => or([eb('terminalReason', 'is', null), eb('terminalReason', '=', 'failed_again')]))
        .execute(),
    /** In order of `n`, after `afterN`: copies that are stored and of which nothing more is known. */
    unjudged: (operationId: string, afterN: number, limit: number): Promise<Item[]> =>
      storedAfter(operationId, afterN, limit).where('terminalReason', 'is', null).execute(),
    /** What became of stored copies, by reason; of those with an attempt since then. */
    async judgedSince(operationId: string, since: number): Promise<Partial<Record<TerminalReason, number>>> {
      const rows = await db
        .selectFrom('item')
        .select((eb) => ['terminalReason', eb.fn.countAll<number>().as('count')])
        .where('operationId', '=', operationId)
        .where('state', 'in', STORED_STATES)
        .where('terminalReason', 'is not', null)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('attempt')
              .select('attempt.n')
              .whereRef('attempt.operationId', '=', 'item.operationId')
              .whereRef('attempt.n', '=', 'item.n')
              .where('attempt.intentAt', '>=', since),
          ),
        )
        .groupBy('terminalReason')
        .execute();
      return Object.fromEntries(rows.map(({ terminalReason, count }) => [terminalReason, count]));
    },
    /** Items that were not tried yet, by where their letters lie and come from. */
    untriedBySource(operationId: string): Promise<(Pick<Item, 'srcBroker' | 'originTopic'> & { count: number })[]> {
      return db
        .selectFrom('item')
        .select((eb) => ['srcBroker', 'originTopic', eb.fn.countAll<number>().as('count')])
        .where('operationId', '=', operationId)
        .where('state', '=', 'SELECTED')
        .groupBy(['srcBroker', 'originTopic'])
        .execute();
    },
    /** How many items have which state and reason: from the indexes alone, because a running job is counted again and again. */
    async counts(operationId: string): Promise<{ state: ItemState; terminalReason: string | null; count: number }[]> {
      const { rows } = await sql<{ state: ItemState; terminalReason: string | null; count: number }>`
        select "state", "terminalReason", count(*) as "count" from "item" indexed by "itemReason"
        where "operationId" = ${operationId} and "terminalReason" is not null group by "terminalReason", "state"
        union all
        select "state", null, count(*) from "item" indexed by "itemState" where "operationId" = ${operationId} group by "state"`.execute(
        db,
      );
      const told = rows.filter(({ terminalReason }) => terminalReason !== null);
      const untold = rows.flatMap(({ state, terminalReason, count: every }) => {
        if (terminalReason !== null) return [];
        const count = told.reduce((left, each) => (each.state === state ? left - each.count : left), every);
        return count > 0 ? [{ state, terminalReason, count }] : [];
      });
      return [...told, ...untold];
    },
    /** A statement for `store.batch`, or `await … .execute()`. */
    update(
      operationId: string,
      n: number,
      patch: Partial<Pick<Updateable<ItemTable>, 'state' | 'bodySha256'>> & { terminalReason?: TerminalReason | null },
    ) {
      return db.updateTable('item').set(patch).where('operationId', '=', operationId).where('n', '=', n);
    },
    /** What came of items: one statement for `store.batch`. */
    results(operationId: string, rows: readonly ItemResult[]): Compilable {
      return statement(
        db,
        // Through the key of the rows that are meant: the other way round each row of the job would read the JSON.
        sql`with j as materialized (select ${jsonColumns(RESULT)} from json_each(${jsonRows(rows, RESULT)}))
          update "item" set "state" = j."state", "terminalReason" = j."terminalReason" from j
          where "item"."operationId" = ${operationId} and "item"."n" in (select "n" from j) and "item"."n" = j."n"`,
      );
    },
    /** All items of one state at once, e.g. INTENT → UNKNOWN after a crash, SELECTED → SKIPPED_BY_CANCEL. */
    async moveAll(
      operationId: string,
      from: ItemState,
      to: ItemState,
      terminalReason: TerminalReason | null = null,
    ): Promise<number> {
      const { numUpdatedRows } = await db
        .updateTable('item')
        .set({ state: to, terminalReason })
        .where('operationId', '=', operationId)
        .where('state', '=', from)
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    },
    /** What waits to be sent again is not sent any more; no copy of it is stored. */
    async skipWaiting(operationId: string): Promise<void> {
      await db
        .updateTable('item')
        .set({ state: 'SKIPPED_BY_CANCEL', terminalReason: 'not_stored' })
        .where('operationId', '=', operationId)
        .where('state', '=', 'REJECTED')
        .where('terminalReason', '=', 'again')
        .execute();
    },
    /** Where the letters of one broker's DLQ stand in earlier redrives of the group, newest operation first. */
    bySource(cluster: string, group: string, broker: string, phyOffsets: readonly number[]) {
      return db
        .selectFrom('item')
        .innerJoin('operation', 'operation.id', 'item.operationId')
        .selectAll('item')
        .select(['operation.createdAt as operationCreatedAt', 'operation.targetMode', 'operation.targetTopic'])
        .where('operation.cluster', '=', cluster)
        .where('operation.group', '=', group)
        .where('item.srcBroker', '=', broker)
        .where('item.srcPhyOffset', 'in', phyOffsets.slice(0, 5000))
        .orderBy('item.operationId', 'desc')
        .execute();
    },
  };
}
