import type { JobDetail } from '@/lib/contract/jobs';
import type { Operation } from '@/lib/store/operations';
import type { ResetQueue } from '@/lib/store/reset-queues';
import { isActive } from '@/lib/store/schema';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { queueKey } from './read-queue';

/** Queues whose offset the job wrote, or may have written. */
const TOUCHED: readonly ResetQueue['state'][] = [
  'INTENT',
  'WRITTEN',
  'UNKNOWN',
  'APPLIED',
  'APPLIED_THEN_MOVED',
  'OVERRIDDEN',
  'UNVERIFIED',
];

export interface UndoSource {
  topic: string;
  /** Offset before the job, by queue. */
  offsets: Map<string, number>;
  /** Queues that had no recorded offset: no request takes one away again. */
  notRestorable: string[];
}

/** The offsets a finished reset of this group found. NOT_FOUND `unknown_job`, INVALID `not_undoable`, CONFLICT `job_active`. */
export async function undoSource(ctx: Ctx, group: string, jobId: string): Promise<UndoSource> {
  const operation = await ctx.store.operations.get(jobId);
  if (!operation || operation.cluster !== ctx.cluster) throw new DomainError('NOT_FOUND', 'unknown_job', { id: jobId });
  if (operation.kind !== 'reset' || operation.group !== group || operation.topic === null)
    throw new DomainError('INVALID', 'not_undoable', { id: jobId, group });
  if (isActive(operation.state)) throw new DomainError('CONFLICT', 'job_active', { id: jobId });
  const touched = (await ctx.store.resetQueues.list(jobId)).filter(({ state }) => TOUCHED.includes(state));
  return {
    topic: operation.topic,
    offsets: new Map(
      touched.flatMap((row) => (row.committedBefore === null ? [] : [[queueKey(row), row.committedBefore] as const])),
    ),
    notRestorable: touched.filter(({ committedBefore }) => committedBefore === null).map(queueKey),
  };
}

/** Whether a job's reset can be taken back, for its page. How much of it is left is said by the plan of the undo. */
export async function undoOf(ctx: Ctx, operation: Operation): Promise<JobDetail['undo']> {
  if (isActive(operation.state)) return { possible: false, note: { key: 'undo_after_end', params: {} } };
  const touched = (await ctx.store.resetQueues.list(operation.id)).filter(({ state }) => TOUCHED.includes(state));
  if (touched.length === 0) return { possible: false, note: { key: 'undo_nothing_written', params: {} } };
  const lost = touched.filter(({ committedBefore }) => committedBefore === null).length;
  if (lost === touched.length) return { possible: false, note: { key: 'undo_no_offsets', params: { count: lost } } };
  return { possible: true, note: lost > 0 ? { key: 'undo_partly', params: { count: lost } } : null };
}
