import type { Item } from '@/lib/store/items';
import { STORED_STATES } from '@/lib/store/schema';
import { countJudged, type Judged } from './brake';
import { isJudgeable, judgeItems } from './judge';
import type { Note } from './note';
import { type RedriveRun, savePolicy } from './run-context';

/** At most as many copies as all stages hold are stored before the rest. */
const MOST = 1000;
const FAILED: ReadonlySet<string | null> = new Set(['failed_again', 'consumed_later', 'dead_again']);

/** Copies that may be sent before somebody has to look: what the present stage still lacks. */
export async function roomOf(run: RedriveRun): Promise<number> {
  const { canary } = run.policy;
  const size = canary?.stages[canary.stage - 1];
  if (size === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, size - (await copiesOfStage(run)).length);
}

/**
 * Waits until every copy of the present stage is consumed, then begins the next one (null). One that failed again, or
 * copies not consumed within the wait, are a reason to pause: nothing more is sent until somebody resumes. The wait begins
 * anew with every run, so that a restart never shortens it.
 *
 * `accepts`: whoever resumed the job knows of what has failed by now.
 */
export async function awaitStage(run: RedriveRun, accepts: boolean): Promise<Note | 'paused' | 'cancelled' | null> {
  const { ctx, operation, control, policy, times } = run;
  const { canary } = policy;
  if (!canary) return null;
  const until = ctx.now() + canary.waitMs;
  canary.waitingSince = ctx.now();
  for (let isFirst = true; ; isFirst = false) {
    await judgeItems(ctx, operation, (await copiesOfStage(run)).filter(isJudgeable), 'all');
    const { copies, failed, consumed } = await countStage(run);
    if (accepts && isFirst) policy.accepted = [...new Set([...policy.accepted, ...failed])];
    const accepted = new Set(policy.accepted);
    await countJudged(run);

    const isOver = copies.every(({ n, terminalReason }) => terminalReason === 'consumed' || accepted.has(n));
    if (isOver) {
      policy.passed = [...policy.passed, ...copies.map(({ n }) => n)];
      Object.assign(canary, { stage: canary.stage + 1, sent: 0, consumed: 0, failed: 0, waitingSince: null });
      await savePolicy(run);
      return null;
    }
    await savePolicy(run);
    const params = { group: operation.input.group, sent: copies.length, stage: canary.stage };
    const news = failed.filter((n) => !accepted.has(n)).length;
    if (news > 0) return { key: 'canary_failed', params: { ...params, failed: news } };
    const act = control.checkpoint();
    if (act !== 'go') return act === 'pause' ? 'paused' : 'cancelled';
    const left = until - ctx.now();
    if (left <= 0) {
      const open = copies.length - consumed - failed.length;
      return { key: 'canary_not_consumed', params: { ...params, open, waitMs: canary.waitMs } };
    }
    await control.wait(Math.min(times.lookMs, left));
  }
}

/** Copies of the present stage and what became of them, which the policy keeps for the job's page. */
export async function countStage(run: Judged): Promise<{ copies: Item[]; failed: number[]; consumed: number }> {
  const copies = await copiesOfStage(run);
  const failed = copies.filter(({ terminalReason }) => FAILED.has(terminalReason)).map(({ n }) => n);
  const consumed = copies.filter(({ terminalReason }) => terminalReason === 'consumed').length;
  const { canary } = run.policy;
  if (canary && canary.stage <= canary.stages.length)
    Object.assign(canary, { sent: copies.length, consumed, failed: failed.length });
  return { copies, failed, consumed };
}

async function copiesOfStage({ ctx, operation, policy }: Judged): Promise<Item[]> {
  const stored = await ctx.store.items.page(operation.id, { states: STORED_STATES, limit: MOST });
  const passed = new Set(policy.passed);
  return stored.filter(({ n }) => !passed.has(n));
}
