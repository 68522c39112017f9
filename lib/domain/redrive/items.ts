import type { JobItem } from '@/lib/contract/jobs';
import type { Attempt } from '@/lib/store/attempts';
import type { Item } from '@/lib/store/items';
import type { Operation } from '@/lib/store/operations';
import type { ItemState } from '@/lib/store/schema';
import type { StoreTables } from '@/lib/store/tables';
import { refusalParams } from '../access-refused';
import type { ItemsPage, ItemsQuery } from '../jobs/job-spec';
import { recordIdOf } from '../messages/record-id';
import { outcomeName, outcomesSeen } from './ledger-counts';

/** What needs a look: everything but what went as planned or has not begun. */
const EXCEPTIONS: readonly ItemState[] = [
  'REJECTED',
  'UNKNOWN',
  'NEEDS_DECISION',
  'DUPLICATED',
  'STORED_UNCERTAIN',
  'EXPIRED',
  'ALREADY_REDRIVEN',
  'SKIPPED',
  'SKIPPED_BY_CANCEL',
];

/** Copies that were stored and came back are exceptions as well. */
const CAME_BACK = { reasons: ['failed_again', 'dead_again'] as const, outcomes: ['FAILED_AGAIN', 'DEAD_AGAIN'] };

/** The letters of a redrive with their evidence, in order; the cursor is the number of the last one. */
export async function listRedriveItems(
  store: StoreTables,
  operation: Operation,
  { only, limit, cursor }: ItemsQuery,
): Promise<ItemsPage> {
  const afterN = cursor !== undefined && /^\d{1,9}$/.test(cursor) ? Number(cursor) : -1;
  const states = only === 'exceptions' ? { states: EXCEPTIONS, orReasons: CAME_BACK.reasons } : {};
  const rows = await store.items.page(operation.id, { ...states, afterN, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const counts = await outcomesSeen(store, operation);
  const counted = Object.entries(counts).filter(
    ([name]) => only === 'all' || CAME_BACK.outcomes.includes(name) || EXCEPTIONS.includes(name as ItemState),
  );
  return {
    items: await jobItems(store, operation.id, page),
    total: counted.reduce((sum, [, count]) => sum + count, 0),
    nextCursor: rows.length > limit ? String(page.at(-1)?.n) : null,
  };
}

/** Letters with the evidence of their attempts. */
export async function jobItems(
  store: Pick<StoreTables, 'attempts'>,
  operationId: string,
  items: readonly Item[],
): Promise<JobItem[]> {
  const attempts = new Map<number, Attempt[]>(items.map(({ n }) => [n, []]));
  for (const attempt of await store.attempts.ofItems(operationId, [...attempts.keys()]))
    attempts.get(attempt.n)?.push(attempt);
  return items.map((item) => jobItemOf(item, attempts.get(item.n) ?? []));
}

function jobItemOf(item: Item, attempts: readonly Attempt[]): JobItem {
  const last = attempts.at(-1);
  const stored = attempts.filter(({ offsetMsgId }) => offsetMsgId !== null);
  return {
    n: item.n,
    label: item.srcUniqKey || item.srcMsgId,
    state: outcomeName(item.state, item.terminalReason),
    attempts: attempts.length,
    evidence: {
      source: recordIdOf({ broker: item.srcBroker, physicalOffset: item.srcPhyOffset }),
      originTopic: item.originTopic,
      // An edited copy has an id of its own.
      ...(last && last.uniqKey !== item.srcUniqKey ? { newUniqKey: last.uniqKey } : {}),
      reason: item.state === 'ALREADY_REDRIVEN' ? 'already_redriven' : item.terminalReason,
      earlierJob: item.state === 'ALREADY_REDRIVEN' ? item.terminalReason : null,
      topic: last?.tgtTopic ?? null,
      broker: last?.tgtBroker ?? null,
      queueId: last?.tgtQueueId ?? null,
      queueOffset: stored.at(-1)?.queueOffset ?? null,
      offsetMsgId: stored.at(-1)?.offsetMsgId ?? null,
      // A message that was stored twice shows both.
      otherOffsetMsgId: stored.length > 1 ? (stored[0]?.offsetMsgId ?? null) : null,
      code: last?.resultCode ?? null,
      remark: last?.remark ?? null,
      ...refusalParams(last?.resultCode ?? null, last?.remark ?? null),
      intentAt: last?.intentAt ?? null,
      sentAt: last?.sentAt ?? null,
      resolvedBy: last?.resolvedBy ?? null,
    },
    link: `/trace?id=${encodeURIComponent(item.srcUniqKey || item.srcMsgId)}`,
  };
}
