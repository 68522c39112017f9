import { RocketMQError } from '@/lib/rocketmq/errors';
import { GET_TOPIC_STATS_INFO } from '@/lib/rocketmq/requests/get-topic-stats-info';
import type { Asker } from './ask';
import { type BrokerFacts, isSameLog, type LogMark, type QueueFacts, type TopicFacts } from './broker-facts';
import { DLQ_PREFIX } from './system-names';

/** A topic that had a message so lately is read in every sweep. */
const BUSY_MS = 60_000;
/** The others take turns, so that each is at most so old, */
const IDLE_MS = 30_000;
/** and so many of them are read in every sweep anyway: a small cluster has no idle topics. */
const IDLE_PER_SWEEP = 400;
/** Topics of a log that has not moved are read again all the same, after this. */
const PROVEN_MS = 300_000;

/** A topic's configuration. */
export type TopicShape = Pick<TopicFacts, 'readQueues' | 'writeQueues' | 'perm' | 'order' | 'attributes'>;

export interface TopicsToRead {
  /** Where the table has not changed, the facts of the sweep before. */
  shapes: ReadonlyMap<string, TopicShape>;
  previous: BrokerFacts | undefined;
  log: LogMark | null;
  /** A topic may have been deleted and created again since. */
  isTableNew: boolean;
  /** Somebody looks at them, or something was seen to happen there. */
  urgent: ReadonlySet<string>;
  now: number;
}

/** Topics with the offsets of their queues, by one 202 for each that may have changed; the others stay as they were read. */
export async function readTopics(asker: Asker, wanted: TopicsToRead): Promise<ReadonlyMap<string, TopicFacts>> {
  const { shapes, previous, log, now } = wanted;
  const due = dueTopics(wanted);
  if (due.size === 0 && !wanted.isTableNew && previous) return previous.topics;
  const topics = new Map<string, TopicFacts>();
  // In the order of the table, whoever answers first.
  for (const [name, shape] of shapes) {
    const before = previous?.topics.get(name);
    topics.set(name, before && before === shape ? before : factsOf(shape, before ?? NEVER_READ));
  }
  await asker.each(due, async (name) => {
    const before = previous?.topics.get(name);
    const found = await queuesOf(asker, name);
    const queues = isSame(before?.queues, found) ? (before?.queues ?? null) : found;
    const movedAt = hasMoved(before?.queues, queues) ? now : (before?.movedAt ?? lastStoredAt(queues));
    const shape = shapes.get(name);
    if (shape) topics.set(name, factsOf(shape, { queues, readAt: now, readBehind: log, movedAt }));
  });
  return topics;
}

type Reading = Pick<TopicFacts, 'queues' | 'readAt' | 'readBehind' | 'movedAt'>;
const NEVER_READ: Reading = { queues: null, readAt: 0, readBehind: null, movedAt: 0 };

function dueTopics({ shapes, previous, log, isTableNew, urgent, now }: TopicsToRead): Set<string> {
  const due = new Set<string>();
  const idle: { name: string; readAt: number }[] = [];
  for (const name of shapes.keys()) {
    const before = previous?.topics.get(name);
    if (!before || before.queues === null || isTableNew) due.add(name);
    else if (isSameLog(before.readBehind, log)) {
      if (now - before.readAt >= PROVEN_MS) idle.push({ name, readAt: before.readAt });
    } else if (urgent.has(name) || now - before.movedAt < BUSY_MS || name.startsWith(DLQ_PREFIX)) due.add(name);
    else idle.push({ name, readAt: before.readAt });
  }
  const share = Math.min(1, (now - (previous?.asOf ?? now)) / IDLE_MS);
  const turns = Math.max(IDLE_PER_SWEEP, Math.ceil(idle.length * share));
  idle.sort((a, b) => a.readAt - b.readAt);
  for (const { name } of idle.slice(0, turns)) due.add(name);
  return due;
}

const factsOf = (shape: TopicShape, reading: Reading): TopicFacts => ({
  readQueues: shape.readQueues,
  writeQueues: shape.writeQueues,
  perm: shape.perm,
  order: shape.order,
  attributes: shape.attributes,
  queues: reading.queues,
  readAt: reading.readAt,
  readBehind: reading.readBehind,
  movedAt: reading.movedAt,
});

async function queuesOf(asker: Asker, topic: string): Promise<TopicFacts['queues']> {
  try {
    const stats = await asker.ask(GET_TOPIC_STATS_INFO, { topic });
    if (!stats) return null;
    return stats.queues
      .map(({ queueId, minOffset, maxOffset, lastUpdatedAt }) => {
        return { broker: asker.broker, queueId, minOffset, maxOffset, lastStoredAt: lastUpdatedAt };
      })
      .sort((a, b) => a.queueId - b.queueId);
  } catch (error) {
    if (error instanceof RocketMQError) return null;
    throw error;
  }
}

function isSame(before: readonly QueueFacts[] | null | undefined, now: readonly QueueFacts[] | null): boolean {
  if (!before || !now || before.length !== now.length) return before === now;
  return now.every((queue, index) => {
    const old = before[index];
    return (
      old?.queueId === queue.queueId &&
      old.maxOffset === queue.maxOffset &&
      old.minOffset === queue.minOffset &&
      old.lastStoredAt === queue.lastStoredAt
    );
  });
}

const hasMoved = (before: readonly QueueFacts[] | null | undefined, now: readonly QueueFacts[] | null): boolean =>
  !!before && !!now && before !== now && sumOfEnds(before) !== sumOfEnds(now);
const sumOfEnds = (queues: readonly QueueFacts[]): number => queues.reduce((sum, { maxOffset }) => sum + maxOffset, 0);
const lastStoredAt = (queues: readonly QueueFacts[] | null): number =>
  (queues ?? []).reduce((last, queue) => Math.max(last, queue.lastStoredAt ?? 0), 0);
