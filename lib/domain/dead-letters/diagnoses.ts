import { sql } from 'kysely';
import type { FailureRow } from '@/lib/contract/dead-letters';
import type { RunOnceResult } from '@/lib/contract/run-once';
import type { Ctx } from '../ctx';
import { DLQ_PREFIX } from '../snapshot/system-names';

type Diagnosis = NonNullable<FailureRow['diagnosis']>;
/** Runs that are looked through, newest first. */
const MOST = 200;
const MAX_TEXT = 200;

/** Runs that may still come to an end. */
const RECENT = 20;

/** Changes whenever a run of one of its letters has begun or ended. */
export async function runsOf({ store, cluster }: Pick<Ctx, 'store' | 'cluster'>, group: string): Promise<string> {
  const runs = await store.db
    .selectFrom('operation')
    .select(['id', 'state'])
    .where('cluster', '=', cluster)
    .where('kind', '=', 'run-once')
    .where('topic', '=', DLQ_PREFIX + group)
    .orderBy('id', 'desc')
    .limit(RECENT)
    .execute();
  return runs.map(({ id, state }) => `${id} ${state}`).join();
}

/**
 * By failure, what clients said of its letters that were run once and failed again: the first line of the newest remark,
 * and how many of its letters were tried. A client that only asks for a retry tells nothing. From the journal and the
 * ledger alone.
 */
export async function diagnosesOf(
  { store, cluster }: Ctx,
  group: string,
  groupId: number,
): Promise<Map<number, Diagnosis>> {
  const field = (column: 'inputJson' | 'resultJson', path: string) =>
    sql<string | null>`json_extract(${sql.ref(column)}, ${path})`;
  const runs = await store.db
    .selectFrom('operation')
    .select([
      'id',
      'createdAt',
      field('inputJson', '$.letter.id').as('letter'),
      sql<string>`json_extract(${sql.ref('inputJson')}, '$.letter.broker')`.as('broker'),
      sql<number>`json_extract(${sql.ref('inputJson')}, '$.letter.physicalOffset')`.as('phyOffset'),
      field('resultJson', '$.run.remark').as('remark'),
    ])
    .where('cluster', '=', cluster)
    .where('kind', '=', 'run-once')
    .where('topic', '=', DLQ_PREFIX + group)
    .where(field('resultJson', '$.run.outcome'), '=', 'failed' satisfies RunOnceResult['outcome'])
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
  if (runs.length === 0) return new Map();
  const letters = await store.db
    .selectFrom('letter')
    .select(['broker', 'phyOffset', 'failureId'])
    .where('groupId', '=', groupId)
    .where('phyOffset', 'in', [...new Set(runs.map(({ phyOffset }) => phyOffset))])
    .where('goneAt', 'is', null)
    .execute();
  const failureAt = new Map(letters.map(({ broker, phyOffset, failureId }) => [`${broker} ${phyOffset}`, failureId]));
  const found = new Map<number, { diagnosis: Diagnosis; letters: Set<string> }>();
  for (const { id, createdAt, letter, broker, phyOffset, remark } of runs) {
    const failure = failureAt.get(`${broker} ${phyOffset}`);
    const text = firstLineOf(remark);
    if (failure === undefined || letter === null || text === '') continue;
    const known = found.get(failure);
    if (known) known.letters.add(letter);
    else
      found.set(failure, {
        diagnosis: { text, at: createdAt, jobId: id, letter, letters: 1 },
        letters: new Set([letter]),
      });
  }
  return new Map(
    [...found].map(([failure, { diagnosis, letters: tried }]) => [failure, { ...diagnosis, letters: tried.size }]),
  );
}

const firstLineOf = (remark: string | null): string => (remark?.split('\n', 1)[0] ?? '').trim().slice(0, MAX_TEXT);
