import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import {
  ACTIVE_STATES,
  type OperationState,
  type OperationStepTable,
  type OperationTable,
  type Schema,
} from './schema';

export type Operation = Selectable<OperationTable>;
export type OperationStep = Selectable<OperationStepTable>;
export type OperationPatch = Pick<
  Updateable<OperationTable>,
  'state' | 'heartbeatAt' | 'countsJson' | 'resultJson' | 'errorJson' | 'endedAt' | 'policyJson'
>;

export function operations(db: Kysely<Schema>) {
  const get = (id: string): Promise<Operation | undefined> =>
    db.selectFrom('operation').selectAll().where('id', '=', id).executeTakeFirst();

  return {
    get,
    /** Throws a unique violation when the group is locked or the idempotency key was used. */
    async insert(operation: Insertable<OperationTable>): Promise<void> {
      await db.insertInto('operation').values(operation).execute();
    },

    /** Takes a waiting operation over: raises the epoch, sets it running. Null when somebody else was first. */
    async claim(id: string, epoch: number, from: readonly OperationState[], at: number): Promise<Operation | null> {
      const claimed = await db
        .updateTable('operation')
        .set((eb) => ({
          state: 'RUNNING',
          epoch: epoch + 1,
          heartbeatAt: at,
          startedAt: eb.fn.coalesce('startedAt', eb.val(at)),
        }))
        .where('id', '=', id)
        .where('epoch', '=', epoch)
        .where('state', 'in', from)
        .returningAll()
        .executeTakeFirst();
      return claimed ?? null;
    },

    /** Writes as the worker of `epoch`. False: fenced off, another worker has taken over or it has ended. */
    async updateAs(id: string, epoch: number, patch: OperationPatch): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('operation')
        .set(patch)
        .where('id', '=', id)
        .where('epoch', '=', epoch)
        .where('state', 'in', ACTIVE_STATES)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },

    /** What somebody asked of it from outside, whoever works on it. False: it has ended. */
    async noteRequest(id: string, errorJson: string): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('operation')
        .set({ errorJson })
        .where('id', '=', id)
        .where('state', 'in', ACTIVE_STATES)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },

    /** The holder of the group lock. */
    activeOfGroup(cluster: string, group: string): Promise<Operation | undefined> {
      return db
        .selectFrom('operation')
        .selectAll()
        .where('cluster', '=', cluster)
        .where('group', '=', group)
        .where('state', 'in', ACTIVE_STATES)
        .executeTakeFirst();
    },
    /** Oldest first: what a job runner picks up at its start. */
    listActive(): Promise<Operation[]> {
      return db
        .selectFrom('operation')
        .selectAll()
        .where('state', 'in', ACTIVE_STATES)
        .orderBy('createdAt')
        .orderBy('id')
        .execute();
    },
    byIdempotencyKey(createdBy: string, key: string): Promise<Operation | undefined> {
      return db
        .selectFrom('operation')
        .selectAll()
        .where('createdBy', '=', createdBy)
        .where('idempotencyKey', '=', key)
        .executeTakeFirst();
    },

    /** Newest first. `before` is the id of the last row of the page before; ids sort by time. */
    list(filter: {
      cluster: string;
      group?: string;
      kinds?: readonly OperationTable['kind'][];
      states?: readonly OperationState[];
      before?: string;
      limit: number;
    }): Promise<Operation[]> {
      return matching(filter).selectAll().orderBy('id', 'desc').limit(filter.limit).execute();
    },
    async count(filter: Parameters<typeof matching>[0]): Promise<number> {
      const { before: _, ...all } = filter;
      const row = await matching(all)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return row.count;
    },

    async acknowledge(id: string, by: string, at: number): Promise<void> {
      await db
        .updateTable('operation')
        .set({ acknowledgedAt: at, acknowledgedBy: by })
        .where('id', '=', id)
        .where('acknowledgedAt', 'is', null)
        .execute();
    },

    async putStep(step: Insertable<OperationStepTable>): Promise<void> {
      await db
        .insertInto('operationStep')
        .values(step)
        .onConflict((conflict) =>
          conflict.columns(['operationId', 'n']).doUpdateSet({
            state: step.state,
            detailJson: step.detailJson ?? null,
            startedAt: step.startedAt ?? null,
            endedAt: step.endedAt ?? null,
          }),
        )
        .execute();
    },
    steps(operationId: string): Promise<OperationStep[]> {
      return db.selectFrom('operationStep').selectAll().where('operationId', '=', operationId).orderBy('n').execute();
    },
  };

  function matching(filter: {
    cluster: string;
    group?: string;
    kinds?: readonly OperationTable['kind'][];
    states?: readonly OperationState[];
    before?: string;
  }) {
    return db
      .selectFrom('operation')
      .where('cluster', '=', filter.cluster)
      .$if(filter.group !== undefined, (query) => query.where('group', '=', filter.group ?? ''))
      .$if(filter.kinds !== undefined, (query) => query.where('kind', 'in', filter.kinds ?? []))
      .$if(filter.states !== undefined, (query) => query.where('state', 'in', filter.states ?? []))
      .$if(filter.before !== undefined, (query) => query.where('id', '<', filter.before ?? ''));
  }
}
