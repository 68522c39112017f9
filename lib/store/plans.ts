import type { Insertable, Kysely, Selectable } from 'kysely';
import type { PlanTable, Schema } from './schema';

export type Plan = Selectable<PlanTable>;

export function plans(db: Kysely<Schema>) {
  return {
    async insert(plan: Insertable<PlanTable>): Promise<void> {
      await db.insertInto('plan').values(plan).execute();
    },
    get(id: string): Promise<Plan | undefined> {
      return db.selectFrom('plan').selectAll().where('id', '=', id).executeTakeFirst();
    },
    /** Drops plans that expired before `before` and that no job came of; those of jobs stay readable with the job. Answers how many went. */
    async sweep(before: number): Promise<number> {
      const { numDeletedRows } = await db
        .deleteFrom('plan')
        .where('expiresAt', '<', before)
        .where(({ not, exists, selectFrom }) =>
          not(exists(selectFrom('operation').select('operation.id').whereRef('operation.planId', '=', 'plan.id'))),
        )
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}
