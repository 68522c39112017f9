import type { z } from 'zod';
import { figureValue, isKnown, known } from '@/lib/contract/primitives';
import type { TopicRow, topicsQuery, topicsReply } from '@/lib/contract/topics';
import type { Ctx } from '../ctx';
import { matches, pageOf, type SortFields, toWire } from '../snapshot/page-list';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { Snapshot, SnapshotTopic } from '../snapshot/snapshot';
import { isInternalType } from '../snapshot/system-names';
import { keptOf, lastStoredOf } from './figures';
import { lagByTopic, type TopicLag } from './lag-by-topic';

const SORTS: SortFields<TopicRow> = {
  topic: (row) => row.topic,
  type: (row) => row.type,
  queues: (row) => row.queues,
  kept: (row) => row.kept,
  groups: (row) => row.groups,
  worstLag: (row) => row.worstLag,
  lastStoredAt: (row) => row.lastStoredAt,
};

/** Topics of the snapshot. `DomainError`: INVALID for a sort or cursor it does not know, UNAVAILABLE without a picture. */
export function listTopics(ctx: Ctx, query: z.output<typeof topicsQuery>): z.input<typeof topicsReply> {
  const snapshot = requireSnapshot(ctx);
  const showInternal = query.internal === 'true' || (query.type !== undefined && isInternalType(query.type));
  const found = [...snapshot.topics.values()].filter(({ name }) => matches(name, query.q));
  const shown = showInternal ? found : found.filter(({ type }) => !isInternalType(type));
  const counts: Record<string, number> = {};
  for (const { type } of shown) counts[type] = (counts[type] ?? 0) + 1;
  const lags = lagByTopic(snapshot);
  const rows = shown
    .filter(({ type }) => query.type === undefined || type === query.type)
    .map((topic) => rowOf(topic, lags.get(topic.name), snapshot));
  return {
    ...pageOf(rows, query, SORTS, { defaultSort: 'topic', nameOf: (row) => row.topic }),
    asOf: snapshot.asOf,
    failures: snapshot.failures,
    hiddenInternal: found.length - shown.length,
    counts,
  };
}

function rowOf(topic: SnapshotTopic, lag: TopicLag | undefined, snapshot: Snapshot): TopicRow {
  const kept = keptOf(topic, snapshot.asOf);
  const worst = lag?.worst ?? known(0, snapshot.asOf);
  const { values, unknown } = toWire(
    { kept, worstLag: worst },
    { kept: topic.partial, worstLag: topic.partial ?? lag?.worstPartial },
  );
  return {
    topic: topic.name,
    type: topic.type,
    queues: topic.config.reduce((sum, config) => sum + Math.max(config.readQueues, config.writeQueues), 0),
    brokers: topic.config.map(({ broker }) => broker),
    ...values,
    groups: lag?.groups.length ?? 0,
    worstGroup: isKnown(worst) && (figureValue(worst) ?? 0) > 0 ? (lag?.worstGroup ?? null) : null,
    lastStoredAt: lastStoredOf(topic),
    unknown,
  };
}
