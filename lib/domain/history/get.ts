import type { HistoryReply } from '@/lib/contract/history';
import type { Ctx } from '../ctx';
import { findGroup } from '../groups/find';
import { aggregate } from './aggregate';
import { gapsOf } from './gaps';
import { marksOf } from './marks';
import { rangeOf } from './range';

const JOB_KINDS = ['redrive', 'purge', 'reset'] as const;
const JOBS_READ = 500;

/**
 * A group's recorded figures over a range, from the store alone; of one that is recorded no broker is asked. Times are
 * epoch ms. `DomainError`: INVALID for a range outside of 1 h to 30 d, NOT_FOUND.
 */
export async function getHistory(
  ctx: Ctx,
  input: { group: string; from?: number | undefined; to?: number | undefined },
): Promise<HistoryReply> {
  const { group } = input;
  const now = ctx.now();
  const range = rangeOf(input, now);
  const [stored, jobs] = await Promise.all([
    ctx.store.history.read(ctx.cluster, group, range),
    ctx.store.operations.list({ cluster: ctx.cluster, group, kinds: JOB_KINDS, limit: JOBS_READ }),
  ]);
  if (stored.firstAt === null) await findGroup(ctx, group);
  const gaps = gapsOf(stored, range);
  return {
    group,
    from: range.from,
    to: range.to,
    stepMs: range.stepMs,
    recordedFrom: stored.firstAt,
    points: aggregate(stored, range, gaps),
    gaps,
    marks: marksOf(jobs, stored.jumps, range),
    asOf: now,
  };
}
