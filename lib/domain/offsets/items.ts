import type { JobItem } from '@/lib/contract/jobs';
import type { Operation } from '@/lib/store/operations';
import type { ResetQueue } from '@/lib/store/reset-queues';
import type { StoreTables } from '@/lib/store/tables';
import type { ItemsPage, ItemsQuery } from '../jobs/job-spec';
import { queueResult } from './queue-result';
import { queueKey } from './read-queue';

/** Worst first: what needs eyes, what is under way, what went well. */
const ORDER: readonly ResetQueue['state'][] = [
  'FAILED',
  'UNKNOWN',
  'OVERRIDDEN',
  'UNVERIFIED',
  'INTENT',
  'PENDING',
  'WRITTEN',
  'APPLIED',
  'APPLIED_THEN_MOVED',
  'SKIPPED',
];
const EXCEPTIONS = ORDER.slice(0, 4);

export async function resetItems(store: StoreTables, operation: Operation, query: ItemsQuery): Promise<ItemsPage> {
  const all = (await store.resetQueues.list(operation.id)).map((row, n) => ({ row, n }));
  const chosen = query.only === 'all' ? all : all.filter(({ row }) => EXCEPTIONS.includes(row.state));
  chosen.sort((a, b) => ORDER.indexOf(a.row.state) - ORDER.indexOf(b.row.state) || a.n - b.n);
  const from = Number.parseInt(query.cursor ?? '0', 10) || 0;
  const end = from + query.limit;
  return {
    items: chosen.slice(from, end).map(({ row, n }) => itemOf(row, n, operation.group)),
    total: chosen.length,
    nextCursor: end < chosen.length ? String(end) : null,
  };
}

function itemOf(row: ResetQueue, n: number, group: string | null): JobItem {
  const { key, remark, refusal, seenAtTargetAt, pickedUpAt, movingAt } = queueResult(row);
  const evidence = {
    topic: row.topic,
    broker: row.broker,
    queueId: row.queueId,
    committedBefore: row.committedBefore,
    minBefore: row.minBefore,
    maxBefore: row.maxBefore,
    targetOffset: row.targetOffset,
    targetStoredAt: row.targetStoredAt,
    request: row.request,
    intentAt: row.intentAt,
    writtenAt: row.appliedAt,
    seenAtTargetAt: seenAtTargetAt ?? null,
    pickedUpAt: pickedUpAt ?? null,
    movingAt: movingAt ?? null,
    nowOffset: row.verifiedOffset,
    verifiedAt: row.verifiedAt,
    resultCode: row.resultCode,
    result: key ?? null,
    remark: remark ?? null,
    ...refusal,
  };
  const link = group === null ? null : `/groups/detail?group=${encodeURIComponent(group)}`;
  return {
    n,
    label: `${row.topic} ${queueKey(row)}`,
    state: row.state,
    attempts: row.intentAt === null ? 0 : 1,
    evidence,
    link,
  };
}
