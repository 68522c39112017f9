import { type Kysely, sql } from 'kysely';
import type { LetterTraceTable } from './letters-schema';
import type { Schema } from './schema';

type Told = Pick<LetterTraceTable, 'result' | 'client' | 'tracedAt'>;

/** What traces told of letters. */
export function traceLetters(db: Kysely<Schema>) {
  return {
    async keepTrace(trace: LetterTraceTable): Promise<void> {
      const { result, client, tracedAt } = trace;
      await db
        .insertInto('letterTrace')
        .values(trace)
        .onConflict((conflict) =>
          conflict.columns(['groupId', 'broker', 'phyOffset']).doUpdateSet({ result, client, tracedAt }),
        )
        .execute();
    },
    /** Of letters that the cluster still has, newest first. */
    async traces(groupId: number): Promise<(Told & { failureId: number })[]> {
      // In this order: few letters have a trace, and each of a million would be looked up.
      const { rows } = await sql<Told & { failureId: number }>`
        select l."failureId", t."result", t."client", t."tracedAt" from "letterTrace" t
        cross join "letter" l indexed by "letterPlace"
          on l."groupId" = t."groupId" and l."broker" = t."broker" and l."phyOffset" = t."phyOffset"
        where t."groupId" = ${groupId} and l."goneAt" is null order by t."tracedAt" desc`.execute(db);
      return rows;
    },
  };
}
