import type { JobSummary } from '@/lib/contract/jobs';
import type { Operation } from '@/lib/store/operations';
import type { OperationState } from '@/lib/store/schema';
import type { StoreTables } from '@/lib/store/tables';
import { groupOf } from './group-of';
import { jobSpec } from './kinds';

/** A job as lists show it. `total` is the sum of the outcomes, which come from the journal. */
export async function summarise(store: StoreTables, operation: Operation): Promise<JobSummary> {
  const outcomes = await outcomesOf(store, operation);
  return {
    id: operation.id,
    kind: operation.kind,
    state: operation.state,
    cluster: operation.cluster,
    group: groupOf(operation),
    topic: operation.topic,
    actor: operation.createdByName,
    reason: operation.reason,
    createdAt: operation.createdAt,
    startedAt: operation.startedAt,
    endedAt: operation.endedAt,
    total: Object.values(outcomes).reduce((sum, count) => sum + count, 0),
    outcomes,
    note: noteOf(operation),
    acknowledged:
      operation.acknowledgedAt === null ? null : { by: operation.acknowledgedBy ?? '', at: operation.acknowledgedAt },
  };
}

async function outcomesOf(store: StoreTables, operation: Operation): Promise<Record<string, number>> {
  const counted = await jobSpec(operation.kind).outcomes?.(store, operation);
  if (counted) return counted;
  return operation.countsJson === null ? {} : (JSON.parse(operation.countsJson) as Record<string, number>);
}

const GOING: readonly OperationState[] = ['QUEUED', 'RUNNING', 'VERIFYING'];

function noteOf(operation: Operation): JobSummary['note'] {
  // A run that has been taken up again has no note yet; the row still holds that of the run before.
  if (operation.errorJson === null || GOING.includes(operation.state)) return null;
  const { key, params = {} } = JSON.parse(operation.errorJson) as {
    key: string;
    params?: Record<string, string | number>;
  };
  return { key, params };
}
