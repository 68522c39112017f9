import type { z } from 'zod';
import type { AuditEntryReply, auditEntryQuery } from '@/lib/contract/audit';
import { matchesAny } from '@/lib/contract/granted';
import { type AuditRow, isItself, START } from '@/lib/store/audit-chain';
import type { Operation } from '@/lib/store/operations';
import type { ResetQueue } from '@/lib/store/reset-queues';
import type { ResetQueueState } from '@/lib/store/schema';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { jobSpec } from '../jobs/kinds';
import { chainWatch } from './chain';
import { paramsOf, rowOf, seenBy } from './row';

const MOST_QUEUES = 100;
const MOST_ENTRIES = 50;

/** One entry: what stands beside it of the same job, what a reset changed, and how it is chained. NOT_FOUND `unknown_audit_entry`. */
export async function getAuditEntry(ctx: Ctx, { seq }: z.output<typeof auditEntryQuery>): Promise<AuditEntryReply> {
  const { audit, operations } = ctx.store;
  const [before, stored, after] = await Promise.all([seq - 1, seq, seq + 1].map((each) => audit.get(each)));
  const { groups } = seenBy(ctx);
  // Of another cluster or group it is as good as not there: who asks may not be allowed to see that one.
  const isSeen = (row: AuditRow | undefined): row is AuditRow =>
    row !== undefined &&
    (row.cluster === null || row.cluster === ctx.cluster) &&
    (groups === undefined ||
      (row.resourceType === 'group' && groups.every((patterns) => matchesAny(patterns, row.resourceName))));
  if (!isSeen(stored)) throw new DomainError('NOT_FOUND', 'unknown_audit_entry', { seq });
  const { operationId } = stored;
  const [entries, operation] = await Promise.all([
    operationId === null ? [stored] : audit.list({ operationId, limit: MOST_ENTRIES, oldestFirst: true }),
    operationId === null ? undefined : operations.get(operationId),
  ]);
  // A result has at most the file that was written: what was asked for stands in the entry before it ran.
  const isIntent = ({ action, phase }: AuditRow) => action === stored.action && phase === 'intent';
  const intent = stored.phase === 'result' ? entries.find(isIntent) : undefined;
  const params = { ...(intent && paramsOf(intent)), ...paramsOf(stored) };
  return {
    entry: {
      ...rowOf(stored),
      sessionHash: stored.sessionHash,
      previewHash: stored.previewHash,
      params: Object.keys(params).length > 0 ? params : null,
    },
    entries: entries.map(rowOf).map(({ seq, at, action, phase, outcome, counts, error }) => ({
      seq,
      at,
      action,
      phase,
      outcome,
      counts,
      error,
    })),
    job: operation ? await jobOf(ctx, operation) : null,
    change: operation?.kind === 'reset' ? changeOf(await ctx.store.resetQueues.list(operation.id)) : null,
    chain: {
      ...linkOf(stored, before, after),
      verifiedAt: verifiedAt(ctx, seq),
      previous: isSeen(before) ? before.seq : null,
      next: isSeen(after) ? after.seq : null,
    },
    asOf: ctx.now(),
  };
}

async function jobOf(ctx: Ctx, operation: Operation): Promise<AuditEntryReply['job']> {
  const { id, group, topic, planId, reason, kind } = operation;
  const undo = await jobSpec(kind).undo?.(ctx, operation);
  return { id, group: group ?? '', topic, planId, reason, canUndo: kind === 'reset' && undo?.possible === true };
}

/** Nothing has left for a queue in these states. */
const NOT_WRITTEN: readonly ResetQueueState[] = ['PENDING', 'SKIPPED', 'FAILED'];

function changeOf(rows: readonly ResetQueue[]): AuditEntryReply['change'] {
  const moves = rows
    .map(({ topic, broker, queueId, committedBefore, targetOffset, state }) => ({
      topic,
      broker,
      queueId,
      before: committedBefore,
      after: targetOffset,
      isWritten: !NOT_WRITTEN.includes(state),
    }))
    .sort((a, b) => Math.abs(moved(b)) - Math.abs(moved(a)));
  const sum = (sign: 1 | -1) => moves.reduce((total, move) => total + Math.max(0, sign * moved(move)), 0);
  return { queues: moves.slice(0, MOST_QUEUES), total: moves.length, replay: sum(1), skip: sum(-1) };
}

/** Messages read again, or passed over if negative; of a queue that was left alone none. */
const moved = ({ before, after, isWritten }: { before: number | null; after: number; isWritten: boolean }): number =>
  before === null || !isWritten ? 0 : before - after;

function linkOf(stored: AuditRow, before: AuditRow | undefined, after: AuditRow | undefined) {
  const previous = stored.seq === 1 ? START.hash : before?.hash;
  return {
    prevHash: stored.prevHash,
    hash: stored.hash,
    isWhole:
      isItself(stored) && stored.prevHash === previous && (after === undefined || after.prevHash === stored.hash),
  };
}

function verifiedAt({ store }: Ctx, seq: number): number | null {
  const { checked } = chainWatch(store);
  return checked && seq <= checked.verdict.rows ? checked.at : null;
}
