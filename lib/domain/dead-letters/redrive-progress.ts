import { sql } from 'kysely';
import type { FailureRow } from '@/lib/contract/dead-letters';
import type { LetterState } from '@/lib/store/letters-schema';
import { ACTIVE_STATES } from '@/lib/store/schema';
import type { SelectionCondition } from '@/lib/store/selections';
import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';
import type { RedriveInput } from '../redrive/input';
import { counted } from './counted';

type Counts = ReadonlyMap<number, number>;

/** Whoever looks does not wait longer for what is counted once in the life of a job. */
const PATIENCE_MS = 50;
const STORED: ReadonlySet<LetterState> = new Set(['redriven', 'consumed']);

/** How far the redrive under way of a group is with the letters of each failure; null for those that it does not send. */
export async function redriveProgress(
  ctx: Ctx,
  group: string,
  groupId: number,
  letters: number,
): Promise<(failureId: number) => FailureRow['progress']> {
  const job = await activeRedrive(ctx, group);
  if (!job) return () => null;
  const [sent, share] = await Promise.all([
    counted(ctx, `${groupId} sent by ${job.id}`, letters, async () =>
      countsOf((await ctx.store.letters.countsByJob(groupId, job.id)).filter(({ state }) => STORED.has(state))),
    ),
    within(PATIENCE_MS, shareOf(ctx, groupId, job)),
  ]);
  return (failureId) => {
    const stored = sent.get(failureId) ?? 0;
    if (share === null) return { jobId: job.id, sent: stored, of: null };
    const of = share.get(failureId) ?? 0;
    return of === 0 ? null : { jobId: job.id, sent: Math.min(stored, of), of };
  };
}

interface Job {
  id: string;
  target: RedriveInput['target'];
  /** JSON; null: its letters have their items from the start. */
  condition: string | null;
}

async function activeRedrive({ store, cluster }: Ctx, group: string): Promise<Job | undefined> {
  const field = (path: string) => sql<string | null>`json_extract(${sql.ref('inputJson')}, ${path})`;
  const found = await store.db
    .selectFrom('operation')
    .select(['id', field('$.target').as('target'), field('$.condition').as('condition')])
    .where('cluster', '=', cluster)
    .where('group', '=', group)
    .where('state', 'in', ACTIVE_STATES)
    .where('kind', '=', 'redrive')
    .executeTakeFirst();
  return found as Job | undefined;
}

/** What was frozen does not change: counted once, for all who look. */
function shareOf({ store, client }: Ctx, groupId: number, { id, target, condition }: Job): Promise<Counts> {
  const shares = memoryOf(client, 'redrive-shares', () => new Map<string, Promise<Counts>>());
  const known = shares.get(id);
  if (known) return known;
  const frozen = condition === null ? null : (JSON.parse(condition) as SelectionCondition);
  const rows = frozen
    ? store.selections.share(id, { ...frozen, needsOrigin: target !== 'topic' })
    : store.letters.countsByJob(groupId, id);
  const share = rows.then(countsOf);
  shares.clear();
  shares.set(id, share);
  share.catch(() => shares.delete(id));
  return share;
}

function countsOf(rows: readonly { failureId: number; count: number }[]): Counts {
  const counts = new Map<number, number>();
  for (const { failureId, count } of rows) counts.set(failureId, count + (counts.get(failureId) ?? 0));
  return counts;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
