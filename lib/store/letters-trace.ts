import type { Kysely } from 'kysely';
import type { LetterTraceTable } from './letters-schema';
import type { Schema } from './schema';

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
    traces(groupId: number) {
      return db
        .selectFrom('letterTrace')
        .innerJoin('letter', (join) =>
          join
            .onRef('letter.groupId', '=', 'letterTrace.groupId')
            .onRef('letter.broker', '=', 'letterTrace.broker')
            .onRef('letter.phyOffset', '=', 'letterTrace.phyOffset'),
        )
        .select(['letter.failureId', 'letterTrace.result', 'letterTrace.client', 'letterTrace.tracedAt'])
        .where('letterTrace.groupId', '=', groupId)
        .where('letter.goneAt', 'is', null)
        .orderBy('letterTrace.tracedAt', 'desc')
        .execute();
    },
  };
}
