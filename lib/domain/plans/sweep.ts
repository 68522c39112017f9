import type { Store } from '@/lib/store/open';

/** Drops expired plans that no job came of; those of jobs stay readable with the job. Answers how many went. */
export async function sweepPlans(store: Store, before: number): Promise<number> {
  const { numDeletedRows } = await store.db
    .deleteFrom('plan')
    .where('expiresAt', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('operation').select('operation.id').whereRef('operation.planId', '=', 'plan.id'))),
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
