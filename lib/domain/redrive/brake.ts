import { figureValue, type Known } from '@/lib/contract/primitives';
import type { Ctx } from '../ctx';
import { judgeItems } from './judge';
import type { Note } from './note';
import { brakeLimit } from './policy';
import { type RedriveRun, savePolicy } from './run-context';

/** Copies per look, with three index queries each: at most a hundred requests a second. */
const SAMPLE = 32;

/**
 * Pauses a redrive whose copies fail again, or whose group falls too far behind (safety §5.5). It looks at a sample while
 * more is sent, round and round over the copies of which nothing is known, so that a stuck one does not hide the others.
 */
export class Brake {
  #after = -1;
  #nextAt = 0;

  constructor(private readonly run: RedriveRun) {}

  /** Null: go on. */
  async check(): Promise<Note | null> {
    const { ctx, operation, policy, times } = this.run;
    const { group } = operation.input;
    const { brake, canary } = policy;
    brake.lag = waitingFor(ctx, group);
    if (brake.lagLimit !== null && brake.lag !== null && brake.lag > brake.lagLimit) {
      await savePolicy(this.run);
      return { key: 'lag_over_limit', params: { group, lag: brake.lag, limit: brake.lagLimit } };
    }
    if (operation.input.isJudged === false) return null;
    // Canary copies are judged one by one.
    if (canary && canary.stage <= canary.stages.length) return null;
    if (ctx.now() < this.#nextAt) return null;
    const began = ctx.now();
    const looked = await this.#look();
    // A broker whose index is slow is asked less often: looking takes at most a tenth of the time.
    this.#nextAt = began + Math.max(times.lookMs, looked === 0 ? 0 : 10 * (ctx.now() - began));
    await savePolicy(this.run);
    if (brake.failed <= brake.limit) return null;
    return { key: 'brake_tripped', params: { group, failed: brake.failed, judged: brake.judged } };
  }

  async #look(): Promise<number> {
    const { ctx, operation, waits, letters } = this.run;
    const { items } = ctx.store;
    let sample = await items.unjudged(operation.id, this.#after, SAMPLE);
    if (sample.length === 0 && this.#after >= 0) sample = await items.unjudged(operation.id, -1, SAMPLE);
    this.#after = sample.at(-1)?.n ?? -1;
    const held = waits.held();
    sample = sample.filter((item) => !held.has(letters.targetOf(item).broker));
    if (sample.length > 0) await judgeItems(ctx, operation, sample, 'all');
    await countJudged(this.run);
    return sample.length;
  }
}

/** What the brake and the job's page show: how many were judged, and how many of them failed again. */
export async function countJudged({ ctx, operation, policy }: Judged): Promise<void> {
  const { consumed = 0, ...failed } = await ctx.store.items.judgedSince(operation.id, policy.brakeFrom);
  const { failed_again = 0, consumed_later = 0, dead_again = 0 } = failed;
  const { brake } = policy;
  brake.failed = failed_again + consumed_later + dead_again;
  brake.judged = brake.failed + consumed;
  brake.limit = brakeLimit(brake.judged);
}

/** Of a job that runs, or of one at rest. */
export type Judged = Pick<RedriveRun, 'ctx' | 'policy'> & { operation: { id: string } };

/** Messages that the group has not taken yet, its retry topic included; null while the sweep cannot tell. */
export function waitingFor(ctx: Ctx, group: string): number | null {
  const found = ctx.snapshot()?.groups.get(group);
  const lag = knownOrNull(found?.lag);
  return lag === null ? null : lag + (knownOrNull(found?.retriesDue) ?? 0);
}

const knownOrNull = (figure: Known<number> | undefined): number | null => (figure ? figureValue(figure) : null);
