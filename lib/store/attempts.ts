import { type Compilable, type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import { jsonColumns, jsonRows, statement } from './json-rows';
import type { AttemptTable, ItemState, LaneTable, Schema, TerminalReason } from './schema';

export type Attempt = Selectable<AttemptTable>;
export type Lane = Selectable<LaneTable>;

const INTENT = ['n', 'k', 'uniqKey', 'tgtTopic', 'tgtBroker', 'tgtQueueId', 'floorOffset', 'intentAt'] as const;
const RESULT = ['sentAt', 'resultCode', 'remark', 'offsetMsgId', 'queueOffset', 'resolvedBy', 'resolvedAt'] as const;
const KEYED = ['n', 'k', ...RESULT] as const;
type Intent = Pick<Attempt, (typeof INTENT)[number]>;
type AttemptRow = Pick<Attempt, (typeof KEYED)[number]>;
type AttemptResult = Pick<Updateable<AttemptTable>, (typeof RESULT)[number]>;

type TriedLane = Pick<Attempt, 'tgtTopic' | 'tgtBroker' | 'tgtQueueId'> & { lastN: number; isRepeated: number };
/** Rows that one statement looks at: other users of the store come in between. */
const ROWS_AT_ONCE = 50_000;

export function attempts(db: Kysely<Schema>) {
  return {
    /** The intents of one window: statements for `store.batch`, which makes them durable before a frame is written. */
    insertIntents(operationId: string, rows: readonly Intent[]): Compilable[] {
      const text = jsonRows(rows, INTENT);
      return [
        statement(
          db,
          sql`insert into "attempt" ("operationId", ${sql.join(INTENT.map((column) => sql.ref(column)))})
            select ${operationId}, ${jsonColumns(INTENT)} from json_each(${text})`,
        ),
        statement(
          db,
          sql`update "item" set "state" = 'INTENT' where "operationId" = ${operationId}
            and "n" in (select value ->> 0 from json_each(${text}))`,
        ),
      ];
    },
    /** What came of attempts: one statement for `store.batch`. */
    results(operationId: string, rows: readonly AttemptRow[]): Compilable {
      return statement(
        db,
        // Through the key of the rows that are meant: the other way round each row of the job would read the JSON.
        sql`with j as materialized (select ${jsonColumns(KEYED)} from json_each(${jsonRows(rows, KEYED)}))
          update "attempt" set ${sql.join(RESULT.map((column) => sql`${sql.ref(column)} = j.${sql.ref(column)}`))} from j
          where "attempt"."operationId" = ${operationId} and "attempt"."n" in (select "n" from j)
            and "attempt"."n" = j."n" and "attempt"."k" = j."k"`,
      );
    },
    /** Number of the last attempt of each of some items; those without one are missing. */
    async lastTries(operationId: string, ns: readonly number[]): Promise<Map<number, number>> {
      if (ns.length === 0) return new Map();
      const rows = await db
        .selectFrom('attempt')
        .select(['n', (eb) => eb.fn.max<number>('k').as('k')])
        .where('operationId', '=', operationId)
        .where('n', 'in', ns)
        .groupBy('n')
        .execute();
      return new Map(rows.map(({ n, k }) => [n, k]));
    },
    /** A statement for `store.batch`, or `await … .execute()`. */
    update(operationId: string, n: number, k: number, result: AttemptResult) {
      return db
        .updateTable('attempt')
        .set(result)
        .where('operationId', '=', operationId)
        .where('n', '=', n)
        .where('k', '=', k);
    },
    list(operationId: string, n: number): Promise<Attempt[]> {
      return db
        .selectFrom('attempt')
        .selectAll()
        .where('operationId', '=', operationId)
        .where('n', '=', n)
        .orderBy('k')
        .execute();
    },
    /** All attempts of some items, in order. */
    ofItems(operationId: string, ns: readonly number[]): Promise<Attempt[]> {
      return db
        .selectFrom('attempt')
        .selectAll()
        .where('operationId', '=', operationId)
        .where(sql<boolean>`"n" in (select "value" from json_each(${JSON.stringify(ns)}))`)
        .orderBy('n')
        .orderBy('k')
        .execute();
    },
    /** All attempts of the items in a state, of one reason if told. */
    ofState(operationId: string, state: ItemState, reason?: TerminalReason): Promise<Attempt[]> {
      return (
        db
          .selectFrom('attempt')
          .selectAll()
          .where('operationId', '=', operationId)
          // Few have such a state: they are found first, and not looked for among all attempts.
          .where('n', 'in', ({ selectFrom }) =>
            selectFrom('item')
              .select('n')
              .where('operationId', '=', operationId)
              .where('state', '=', state)
              .$if(reason !== undefined, (query) => query.where('terminalReason', '=', reason ?? '')),
          )
          .orderBy('n')
          .orderBy('k')
          .execute()
      );
    },
    /** Queues that copies were sent to, the last item of each, and whether an attempt (1) has no answer or was repeated. */
    async triedLanes(operationId: string): Promise<TriedLane[]> {
      const lanes = new Map<string, TriedLane>();
      const { lastN } = await db
        .selectFrom('attempt')
        .select((eb) => eb.fn.max<number | null>('n').as('lastN'))
        .where('operationId', '=', operationId)
        .executeTakeFirstOrThrow();
      for (let from = 0; from <= (lastN ?? -1); from += ROWS_AT_ONCE) {
        const rows = await db
          .selectFrom('attempt')
          .select((eb) => ['tgtTopic', 'tgtBroker', 'tgtQueueId', eb.fn.max<number>('n').as('lastN')])
          .select(sql<number>`max("resolvedBy" is not 'ANSWER')`.as('isRepeated'))
          .where('operationId', '=', operationId)
          .where('n', '>=', from)
          .where('n', '<', from + ROWS_AT_ONCE)
          .groupBy(['tgtTopic', 'tgtBroker', 'tgtQueueId'])
          .execute();
        for (const row of rows) {
          const key = `${row.tgtTopic} ${row.tgtBroker} ${row.tgtQueueId}`;
          const isRepeated = Math.max(row.isRepeated, lanes.get(key)?.isRepeated ?? 0);
          lanes.set(key, { ...row, isRepeated });
        }
      }
      return [...lanes.values()];
    },
    /** Keeps the floor that was recorded first. */
    async insertLane(lane: Insertable<LaneTable>): Promise<void> {
      await db
        .insertInto('lane')
        .values(lane)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    lanes(operationId: string): Promise<Lane[]> {
      return db.selectFrom('lane').selectAll().where('operationId', '=', operationId).execute();
    },
  };
}
