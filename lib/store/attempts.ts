import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import { chunks } from './chunks';
import type { AttemptTable, LaneTable, Schema } from './schema';

export type Attempt = Selectable<AttemptTable>;
export type Lane = Selectable<LaneTable>;
type AttemptResult = Pick<
  Updateable<AttemptTable>,
  'sentAt' | 'resultCode' | 'remark' | 'offsetMsgId' | 'queueOffset' | 'resolvedBy' | 'resolvedAt'
>;

export function attempts(db: Kysely<Schema>) {
  return {
    /** The intents of one window: statements for `store.batch`, which makes them durable before a frame is written. */
    insertIntents(rows: readonly Insertable<AttemptTable>[]) {
      return [...chunks(rows)].flatMap((chunk) => [
        db.insertInto('attempt').values(chunk),
        ...chunk.map(({ operationId, n }) =>
          db.updateTable('item').set({ state: 'INTENT' }).where('operationId', '=', operationId).where('n', '=', n),
        ),
      ]);
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
    /** The attempts of a page of items, in order. */
    ofRange(operationId: string, fromN: number, toN: number): Promise<Attempt[]> {
      return db
        .selectFrom('attempt')
        .selectAll()
        .where('operationId', '=', operationId)
        .where('n', '>=', fromN)
        .where('n', '<=', toN)
        .orderBy('n')
        .orderBy('k')
        .execute();
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
