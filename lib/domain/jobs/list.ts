import { sql } from 'kysely';
import type { z } from 'zod';
import type { JobsReply, jobsQuery } from '@/lib/contract/jobs';
import { LETTER_JOB_KINDS } from '@/lib/contract/words';
import { ACTIVE_STATES, type EndedOperationState, type OperationState } from '@/lib/store/schema';
import type { Ctx } from '../ctx';
import { permittedGroups } from '../permission';
import { summarise } from './summarise';

const ENDED_STATES: readonly EndedOperationState[] = ['DONE', 'PARTIAL', 'FAILED', 'CANCELLED'];

/** Jobs of the cluster, newest first; the cursor is the id of the last one. */
export async function listJobs(ctx: Ctx, query: z.output<typeof jobsQuery>): Promise<JobsReply> {
  const { rows, total } = await select(ctx, query);
  const page = rows.slice(0, query.limit);
  return {
    items: await Promise.all(page.map((operation) => summarise(ctx.store, operation))),
    total,
    nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
    asOf: ctx.now(),
    failures: [],
  };
}

async function select(ctx: Ctx, query: z.output<typeof jobsQuery>) {
  const visible = permittedGroups(ctx.actor, 'metadata:read', ctx.cluster) ?? [];
  const matching = ctx.store.db
    .selectFrom('operation')
    .where('cluster', '=', ctx.cluster)
    .where(({ and, or }) =>
      and(visible.map((patterns) => or(patterns.map((pattern) => sql<boolean>`${GROUP} glob ${pattern}`)))),
    )
    .$if(query.kind !== undefined, (rows) => rows.where('kind', '=', query.kind ?? 'reset'))
    .$if(query.about !== undefined, (rows) => rows.where('kind', 'in', LETTER_JOB_KINDS))
    .$if(query.state !== undefined, (rows) => rows.where('state', 'in', STATES[query.state ?? 'active']))
    .$if(query.state === 'unacknowledged', (rows) => rows.where('acknowledgedAt', 'is', null))
    .$if(query.group !== undefined, (rows) => rows.where(GROUP, '=', query.group ?? ''))
    .$if(query.q !== undefined && query.q !== '', (rows) =>
      rows.where(({ or, fn, val }) =>
        or(
          SEARCHED.map(
            (column) => fn<number>('instr', [fn('lower', [column]), val((query.q ?? '').toLowerCase())]) as never,
          ),
        ),
      ),
    );
  const rows = await matching
    .$if(query.cursor !== undefined, (all) => all.where('id', '<', query.cursor ?? ''))
    .selectAll()
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute();
  const { total } = await matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  return { rows, total };
}

/** A job that locks no group names it in its input. */
const GROUP = sql<string>`coalesce(${sql.ref('group')}, json_extract(${sql.ref('inputJson')}, '$.group'))`;
const SEARCHED = ['id', 'group', 'topic', 'reason', 'createdByName'] as const;
const STATES: Record<'active' | 'ended' | 'unacknowledged', readonly OperationState[]> = {
  active: ACTIVE_STATES,
  ended: ENDED_STATES,
  unacknowledged: ENDED_STATES,
};
