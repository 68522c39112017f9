import { sql } from 'kysely';
import type { z } from 'zod';
import type { LetterRunsReply, letterRunsQuery } from '@/lib/contract/run-once';
import { isActive } from '@/lib/store/schema';
import type { Ctx } from '../ctx';
import { resultOf } from '../jobs/job-spec';
import { maskOfLetters } from '../masking/mask';
import { maskRun } from '../masking/run';
import { DLQ_PREFIX } from '../snapshot/system-names';
import type { RunOnceInput } from './input';

const MOST = 20;

/** How often a letter was run once, and what came of it: from the journal alone, newest first. */
export async function listRuns(ctx: Ctx, { group, id }: z.output<typeof letterRunsQuery>): Promise<LetterRunsReply> {
  const rows = await ctx.store.db
    .selectFrom('operation')
    .selectAll()
    .where('cluster', '=', ctx.cluster)
    .where('kind', '=', 'run-once')
    .where('topic', '=', DLQ_PREFIX + group)
    .where(({ eb }) => eb(sql<string>`json_extract(${sql.ref('inputJson')}, '$.letter.id')`, '=', id))
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
  const mask = await maskOfLetters(ctx, group);
  return {
    items: rows.map((operation) => ({
      jobId: operation.id,
      at: operation.startedAt ?? operation.createdAt,
      actor: operation.createdByName,
      reason: operation.reason,
      clientId: (JSON.parse(operation.inputJson) as RunOnceInput).clientId,
      active: isActive(operation.state),
      run: maskRun(mask, resultOf(operation).run ?? null),
    })),
    asOf: ctx.now(),
  };
}
