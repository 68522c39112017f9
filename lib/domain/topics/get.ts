import type { TopicDetail } from '@/lib/contract/topics';
import { GET_TOPIC_STATS_INFO } from '@/lib/rocketmq/requests/get-topic-stats-info';
import type { Ctx } from '../ctx';
import { severityOf } from '../lag/evaluate';
import { askLive, live } from '../snapshot/live-brokers';
import { toWire } from '../snapshot/page-list';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { Snapshot, SnapshotQueue, SnapshotTopic } from '../snapshot/snapshot';
import { inHistoryOf, rateInOf } from '../snapshot/topic-flow';
import { watchTopics } from '../snapshot/watched';
import { configOf } from './config';
import { keptOf, lastStoredOf } from './figures';
import { findTopic } from './find';
import { lagByTopic, rateOf } from './lag-by-topic';
import { retentionOf } from './retention';
import { routeOf } from './route';

/**
 * One topic: queues read now (202 per master that holds it), route, groups and configuration. A master that
 * does not answer shows the queues of the last sweep. `DomainError`: NOT_FOUND, UNAVAILABLE.
 */
export async function getTopic(ctx: Ctx, { topic: name }: { topic: string }): Promise<TopicDetail> {
  const snapshot = requireSnapshot(ctx);
  const found = await findTopic(ctx, snapshot, name);
  const [now, route] = await Promise.all([readQueues(ctx, snapshot, found), routeOf(ctx, snapshot, found)]);
  const topic: SnapshotTopic = {
    ...found,
    queues: now.queues,
    partial: now.isMissing ? (found.partial ?? 'broker_silent') : null,
  };
  watchTopics(snapshot, [name], ctx.now());
  const kept = keptOf(topic, ctx.now());
  const flow = snapshot.flows.get(name);
  const figures = toWire(
    { kept, inPerS: rateInOf(flow), retentionMs: retentionOf(topic, snapshot) },
    { kept: topic.partial, inPerS: topic.partial },
  );
  return {
    topic: name,
    type: topic.type,
    ...figures.values,
    inHistory: inHistoryOf(flow),
    inHistoryTo: flow && flow.minutes.length > 0 ? flow.minute.at : null,
    lastStoredAt: lastStoredOf(topic),
    queues: queueRows(topic),
    groups: groupRows(snapshot, name),
    route,
    ...configOf(topic),
    asOf: ctx.now(),
    failures: now.failures,
    unknown: figures.unknown,
  };
}

async function readQueues(ctx: Ctx, snapshot: Snapshot, topic: SnapshotTopic) {
  const holders = new Set(topic.config.map(({ broker }) => broker));
  const within = live(ctx);
  const { answers, failures } = await askLive(
    ctx,
    snapshot,
    ({ name }) => ctx.client.call(GET_TOPIC_STATS_INFO, { topic: topic.name }, { broker: name, ...within }),
    ({ name }) => holders.has(name),
  );
  const queues: SnapshotQueue[] = topic.queues.filter(({ broker }) => !answers.has(broker));
  for (const [broker, stats] of answers) {
    for (const { queueId, minOffset, maxOffset, lastUpdatedAt } of stats?.queues ?? []) {
      queues.push({ broker, queueId, minOffset, maxOffset, lastStoredAt: lastUpdatedAt });
    }
  }
  queues.sort((a, b) => (a.broker < b.broker ? -1 : a.broker > b.broker ? 1 : a.queueId - b.queueId));
  const shown = new Set(queues.map(({ broker }) => broker));
  const isMissing =
    [...holders].some((broker) => !shown.has(broker)) || snapshot.brokers.some(({ state }) => state === 'silent');
  return { queues, failures, isMissing };
}

/** Queues known, and for a master that has told nothing its queues without figures: they exist. */
function queueRows(topic: SnapshotTopic): TopicDetail['queues'] {
  const rows: TopicDetail['queues'] = topic.queues.map(({ broker, queueId, minOffset, maxOffset, lastStoredAt }) => ({
    broker,
    queueId,
    minOffset,
    maxOffset,
    kept: Math.max(0, maxOffset - minOffset),
    lastStoredAt,
  }));
  const seen = new Set(topic.queues.map(({ broker }) => broker));
  for (const { broker, readQueues, writeQueues } of topic.config) {
    if (seen.has(broker)) continue;
    const reasons = { minOffset: 'broker_silent', maxOffset: 'broker_silent', kept: 'broker_silent' };
    for (let queueId = 0; queueId < Math.max(readQueues, writeQueues); queueId++) {
      rows.push({
        broker,
        queueId,
        minOffset: null,
        maxOffset: null,
        kept: null,
        lastStoredAt: null,
        unknown: reasons,
      });
    }
  }
  return rows;
}

function groupRows(snapshot: Snapshot, topic: string): TopicDetail['groups'] {
  const { groups = [] } = lagByTopic(snapshot).get(topic) ?? {};
  return groups
    .map(({ group, lag, partial, out }) => {
      const { values, unknown } = toWire(
        { members: group.members, lag, outPerS: rateOf(out, snapshot.asOf), deadLetters: group.deadLetters },
        { lag: partial, outPerS: out.missing },
      );
      return { group: group.name, status: group.status, ...values, unknown };
    })
    .sort(
      (a, b) =>
        severityOf(b.status) - severityOf(a.status) || (b.lag ?? 0) - (a.lag ?? 0) || (a.group < b.group ? -1 : 1),
    );
}
