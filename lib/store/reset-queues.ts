import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import { chunks } from './chunks';
import type { ResetQueueState, ResetQueueTable, Schema } from './schema';

export type ResetQueue = Selectable<ResetQueueTable>;
type ResetQueueKey = Pick<ResetQueue, 'operationId' | 'topic' | 'broker' | 'queueId'>;

/** What a reset found and did per queue: also the data an undo starts from. */
export function resetQueues(db: Kysely<Schema>) {
  return {
    /** Call within a transaction: the rows go in by pages. */
    async insertMany(rows: readonly Insertable<ResetQueueTable>[]): Promise<void> {
      for (const chunk of chunks(rows)) await db.insertInto('resetQueue').values(chunk).execute();
    },
    list(operationId: string): Promise<ResetQueue[]> {
      return db
        .selectFrom('resetQueue')
        .selectAll()
        .where('operationId', '=', operationId)
        .orderBy('topic')
        .orderBy('broker')
        .orderBy('queueId')
        .execute();
    },
    /** A statement for `store.batch`, or `await … .execute()`. */
    update(key: ResetQueueKey, patch: Omit<Updateable<ResetQueueTable>, keyof ResetQueueKey>) {
      return db
        .updateTable('resetQueue')
        .set(patch)
        .where('operationId', '=', key.operationId)
        .where('topic', '=', key.topic)
        .where('broker', '=', key.broker)
        .where('queueId', '=', key.queueId);
    },
    async countsByState(operationId: string): Promise<Partial<Record<ResetQueueState, number>>> {
      const rows = await db
        .selectFrom('resetQueue')
        .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
        .where('operationId', '=', operationId)
        .groupBy('state')
        .execute();
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },
  };
}
