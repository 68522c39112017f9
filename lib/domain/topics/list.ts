import type { z } from 'zod';
import { figureValue, isKnown, type Known, known } from '@/lib/contract/primitives';
import type { TopicRow, topicsQuery, topicsReply } from '@/lib/contract/topics';
import { TOPIC_FEATURES, type TopicFeature } from '@/lib/contract/words';
import type { Ctx } from '../ctx';
import { severityOf } from '../lag/evaluate';
import { sharedView } from '../shared-read';
import { heldIn } from '../snapshot/held-in';
import { matches, pageOf, type SortFields, toWire } from '../snapshot/page-list';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { Snapshot, SnapshotTopic } from '../snapshot/snapshot';
import { isInternalType } from '../snapshot/system-names';
import { inHistoryOf, rateInOf } from '../snapshot/topic-flow';
import { hasDifferences } from './config';
import { keptOf, lastStoredOf } from './figures';
import { lagByTopic, rateOf, type TopicLag } from './lag-by-topic';
import { retentionOf, unreadSafeFor } from './retention';

interface Found {
  topic: SnapshotTopic;
  lag: TopicLag | undefined;
  inPerS: Known<number>;
}

const SORTS: SortFields<Found> = {
  topic: ({ topic }) => topic.name,
  type: ({ topic }) => topic.type,
  queues: ({ topic }) => queuesOf(topic),
  kept: ({ topic }) => figureValue(keptOf(topic, 0)),
  inPerS: ({ inPerS }) => figureValue(inPerS),
  outPerS: ({ lag }) => (lag ? lag.out.perS : 0),
  groups: ({ lag }) => lag?.groups.length ?? 0,
  worstLag: ({ lag }) => (lag ? figureValue(lag.worst) : 0),
  lastStoredAt: ({ topic }) => lastStoredOf(topic),
};

const FEATURES: Record<TopicFeature, (row: Found) => boolean> = {
  'no-reader': ({ lag }) => lag === undefined,
  trouble: ({ lag }) => lag?.groups.some(({ group }) => severityOf(group.status) > severityOf('UNKNOWN')) ?? false,
  differs: ({ topic }) => hasDifferences(topic),
};

const queuesOf = ({ config }: SnapshotTopic): number =>
  config.reduce((sum, { readQueues, writeQueues }) => sum + Math.max(readQueues, writeQueues), 0);

/**
 * Topics of the snapshot; for the rows of the page, how long what nobody has read yet is safe.
 * `DomainError`: INVALID for a sort or cursor it does not know, UNAVAILABLE without a picture.
 */
export function listTopics(ctx: Ctx, query: z.output<typeof topicsQuery>): Promise<z.input<typeof topicsReply>> {
  return sharedView(ctx, `topics ${JSON.stringify(query)}`, (shared) => list(shared, query));
}

async function list(ctx: Ctx, query: z.output<typeof topicsQuery>): Promise<z.input<typeof topicsReply>> {
  const snapshot = requireSnapshot(ctx);
  const showInternal = query.internal === 'true' || (query.type !== undefined && isInternalType(query.type));
  const isHeld = heldIn(snapshot, query.brokerCluster, ({ topics }, name) => topics.has(name));
  const found = [...snapshot.topics.values()].filter((topic) => matches(topic.name, query.q) && isHeld(topic));
  const shown = showInternal ? found : found.filter(({ type }) => !isInternalType(type));
  const lags = lagByTopic(snapshot);
  const measured = shown.map((topic) => ({
    topic,
    lag: lags.get(topic.name),
    inPerS: rateInOf(snapshot.flows.get(topic.name)),
  }));
  const counts: Record<string, number> = {};
  for (const { type } of shown) counts[type] = (counts[type] ?? 0) + 1;
  for (const feature of TOPIC_FEATURES) counts[feature] = measured.filter(FEATURES[feature]).length;
  const rows = measured.filter(
    (row) =>
      (query.type === undefined || row.topic.type === query.type) &&
      (query.has === undefined || FEATURES[query.has](row)),
  );
  const { items, ...page } = pageOf(rows, query, SORTS, { defaultSort: 'topic', nameOf: ({ topic }) => topic.name });
  const total = sumOf(measured, snapshot.asOf);
  return {
    ...page,
    items: await Promise.all(items.map((row) => rowOf(ctx, snapshot, row))),
    asOf: snapshot.asOf,
    failures: snapshot.failures,
    hiddenInternal: found.length - shown.length,
    counts,
    inPerS: total.values.inPerS,
    unknown: total.unknown,
  };
}

/** What all of them are written together; topics younger than two sweeps are left out, and that is said. */
function sumOf(rows: readonly Found[], asOf: number) {
  const rates = rows.flatMap(({ topic, inPerS }) => (isInternalType(topic.type) ? [] : [inPerS]));
  const sum = rates.reduce((total, rate) => total + (figureValue(rate) ?? 0), 0);
  const missing = rates.find((rate) => !isKnown(rate));
  const inPerS = missing && sum === 0 ? missing : known(sum, asOf);
  return toWire({ inPerS }, { inPerS: missing && !isKnown(missing) ? missing.unknown : null });
}

async function rowOf(ctx: Ctx, snapshot: Snapshot, { topic, lag, inPerS }: Found): Promise<TopicRow> {
  const worst = lag?.worst ?? known(0, snapshot.asOf);
  const safe = await unreadSafeFor(ctx, snapshot, topic, lag);
  const { values, unknown } = toWire(
    {
      kept: keptOf(topic, snapshot.asOf),
      inPerS,
      outPerS: lag ? rateOf(lag.out, snapshot.asOf) : known(0, snapshot.asOf),
      worstLag: worst,
      retentionMs: retentionOf(topic, snapshot),
      unreadSafeForMs: safe ?? known(0, snapshot.asOf),
    },
    {
      kept: topic.partial,
      inPerS: topic.partial,
      outPerS: lag?.out.missing ?? null,
      worstLag: topic.partial ?? lag?.worstPartial,
    },
  );
  const worstGroup = isKnown(worst) && worst.value > 0 ? (lag?.worstGroup ?? null) : null;
  return {
    topic: topic.name,
    type: topic.type,
    queues: queuesOf(topic),
    brokers: topic.config.map(({ broker }) => broker),
    differs: hasDifferences(topic),
    ...values,
    unreadSafeForMs: safe === null ? null : values.unreadSafeForMs,
    inHistory: inHistoryOf(snapshot.flows.get(topic.name)),
    groups: lag?.groups.length ?? 0,
    worstGroup,
    worstStatus: lag?.groups.find(({ group }) => group.name === worstGroup)?.group.status ?? null,
    lastStoredAt: lastStoredOf(topic),
    unknown,
  };
}
