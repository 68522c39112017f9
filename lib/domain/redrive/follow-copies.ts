import { sql } from 'kysely';
import type { Operation } from '@/lib/store/operations';
import type { EndedOperationState } from '@/lib/store/schema';
import type { Ctx } from '../ctx';
import { isLate } from '../messages/read-queue';
import { countJudged } from './brake';
import { countStage } from './canary';
import { judgeItems } from './judge';
import { policyOf } from './policy';

/** Copies of one job that are looked at in a turn, with three index queries each. */
const SAMPLE = 32;
/** With RocketMQ's stock delays a copy dies again after 4 h 46 min at the earliest. */
const FOLLOWED_MS = 24 * 3_600_000;
/** A cancelled job was told to look no longer. */
const ENDED: readonly EndedOperationState[] = ['DONE', 'PARTIAL', 'FAILED'];
/** Between two looks at the copies of one job: sooner while something becomes known, later while nothing does. */
const LOOK_MS = { soonest: 1000, latest: 60_000 };
const ENDED_KEPT_MS = 30_000;
/** Looking takes at most a tenth of the time. */
const REST_TIMES = 10;

/** How far the copies of one job have been looked at. */
interface Follower {
  /** Of the job: one that was taken up since then may have stored more. */
  epoch: number;
  /** False: nothing can become known of them any more, or ever. */
  isOpen: boolean;
  after: number;
  nextAt: number;
  pauseMs: number;
}
interface Following {
  jobs: Map<string, Follower>;
  /** Jobs that ended, asked for once in a while: their rows may be large. */
  ended: Job[];
  endedUntil: number;
}
const followings = new WeakMap<Ctx['client'], Following>();

/**
 * One turn of judging what became of the copies of redrives that nobody works on: those paused, and those that ended
 * within a day. Verdicts go to the journal, where the ledger and the job's page read them. `isWorkedOn`: a job that runs
 * judges its copies itself.
 */
export async function followCopies(ctx: Ctx, isWorkedOn: (operationId: string) => boolean): Promise<void> {
  const now = ctx.now();
  const known = followings.get(ctx.client);
  const isFresh = known !== undefined && now < known.endedUntil && now >= known.endedUntil - ENDED_KEPT_MS;
  const ended = isFresh ? known.ended : await endedJobs(ctx, now - FOLLOWED_MS);
  const jobs = [...(await pausedJobs(ctx)), ...ended];
  const kept = new Map<string, Follower>();
  followings.set(ctx.client, {
    jobs: kept,
    ended,
    endedUntil: isFresh ? known.endedUntil : now + ENDED_KEPT_MS,
  });
  for (const { id, epoch } of jobs) {
    const follower = known?.jobs.get(id);
    if (follower?.epoch === epoch) kept.set(id, follower);
  }
  for (const job of jobs) {
    if (isLate(ctx)) return;
    if (isWorkedOn(job.id)) continue;
    const follower = kept.get(job.id) ?? (await begin(ctx, job));
    kept.set(job.id, follower);
    if (follower.isOpen && follower.nextAt <= now) await look(ctx, job, follower);
  }
}

type Job = Pick<Operation, 'id' | 'group' | 'epoch' | 'state'>;

async function look(ctx: Ctx, job: Job, follower: Follower): Promise<void> {
  const began = ctx.now();
  const sample = await ctx.store.items.open(job.id, follower.after, SAMPLE);
  const verdicts = await judgeItems(ctx, job, sample, 'all');
  const hasNews = sample.some(
    ({ n, terminalReason }) => (verdicts.get(n) ?? 'redriven') !== (terminalReason ?? 'redriven'),
  );
  if (hasNews && job.state === 'PAUSED') await recount(ctx, job);
  const isRoundOver = sample.length < SAMPLE;
  if (isRoundOver && follower.after === -1 && sample.length === 0) follower.isOpen = false;
  follower.after = isRoundOver ? -1 : (sample.at(-1)?.n ?? -1);
  if (hasNews) follower.pauseMs = LOOK_MS.soonest;
  else if (isRoundOver) follower.pauseMs = Math.min(LOOK_MS.latest, follower.pauseMs * 2);
  follower.nextAt = ctx.now() + Math.max(follower.pauseMs, REST_TIMES * (ctx.now() - began));
}

/** Canary and brake as the page of a paused job shows them. Who has resumed it meanwhile counts for themselves. */
async function recount(ctx: Ctx, { id, epoch }: Job): Promise<void> {
  const operation = await ctx.store.operations.get(id);
  if (operation?.state !== 'PAUSED') return;
  const policy = policyOf(operation);
  const judged = { ctx, operation, policy };
  await countStage(judged);
  await countJudged(judged);
  await ctx.store.operations.updateAs(id, epoch, { policyJson: JSON.stringify(policy) });
}

/** Of copies to a topic that the group does not read nothing can be told. */
async function begin({ store }: Ctx, { id, epoch }: Job): Promise<Follower> {
  const { isJudged } = await store.db
    .selectFrom('operation')
    .select(sql<number | null>`json_extract(${sql.ref('inputJson')}, '$.isJudged')`.as('isJudged'))
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return { epoch, isOpen: isJudged !== 0, after: -1, nextAt: 0, pauseMs: LOOK_MS.soonest };
}

const redrives = ({ store, cluster }: Ctx) =>
  store.db
    .selectFrom('operation')
    .select(['id', 'group', 'epoch', 'state'])
    .where('cluster', '=', cluster)
    .where('kind', '=', 'redrive')
    .orderBy('id');

const pausedJobs = (ctx: Ctx): Promise<Job[]> => redrives(ctx).where('state', '=', 'PAUSED').execute();

const endedJobs = (ctx: Ctx, endedAfter: number): Promise<Job[]> =>
  redrives(ctx)
    .where('createdAt', '>', endedAfter - FOLLOWED_MS)
    .where('state', 'in', ENDED)
    .where('endedAt', '>', endedAfter)
    .execute();
