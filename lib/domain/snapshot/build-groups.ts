import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import { evaluateGroup, evaluateQueue, lagOf, tapeOf } from '../lag/evaluate';
import type { UnknownReason } from '../unknown-reasons';
import type { BrokerFacts } from './broker-facts';
import { membersOf, modeOf } from './group-members';
import { collectQueues, type FoundQueues } from './group-queues';
import { advanceWindow } from './queue-window';
import { countRetries, type RetryCounts } from './retry-counts';
import type {
  GroupHolders,
  SnapshotBroker,
  SnapshotGroup,
  SnapshotGroupQueue,
  SnapshotTopic,
  WindowSeed,
} from './snapshot';
import { DLQ_PREFIX, isSystemGroup } from './system-names';

export interface GroupSources {
  facts: readonly BrokerFacts[];
  brokers: readonly SnapshotBroker[];
  topics: ReadonlyMap<string, SnapshotTopic>;
  previous: ReadonlyMap<string, SnapshotGroup>;
  /** Windows of an earlier run of the console, by `queueKey`; used for queues that `previous` lacks. */
  seeds: ReadonlyMap<string, WindowSeed>;
  holders: ReadonlyMap<string, GroupHolders>;
  now: number;
}

export const queueKey = (group: string, topic: string, broker: string, queueId: number): string =>
  `${group}@${topic}@${broker}@${queueId}`;

/** How {@link GroupHolders} names a queue. */
export const heldKey = ({ topic, broker, queueId }: { topic: string; broker: string; queueId: number }): string =>
  `${topic} ${broker} ${queueId}`;

/** Every group any broker has, with what it has read, who is connected, and its status word. */
export function buildGroups(sources: GroupSources): Map<string, SnapshotGroup> {
  const names = new Set(sources.facts.flatMap(({ groups }) => [...groups.keys()]));
  const retries = countRetries(sources, names);
  const isFresh = new Set(sources.brokers.filter(({ state }) => state === 'ok').map(({ name }) => name));
  const groups = new Map<string, SnapshotGroup>();
  for (const name of names) groups.set(name, buildGroup(name, sources, retries.get(name), isFresh));
  return groups;
}

function buildGroup(
  name: string,
  sources: GroupSources,
  retries: RetryCounts | undefined,
  isFresh: ReadonlySet<string>,
): SnapshotGroup {
  const { facts, brokers, now } = sources;
  const previous = sources.previous.get(name);
  const configs = facts.flatMap(({ groups }) => groups.get(name) ?? []);
  const found = collectQueues(name, facts);
  const isPop = retries?.isPop ?? false;
  const mode = modeOf(name, facts, { isPop, hasOffsets: found.queues.length > 0 });
  const isBroadcast = mode === 'BROADCASTING';
  const silent = brokers.some(({ state }) => state === 'silent');
  const partial: UnknownReason | null = silent
    ? 'broker_silent'
    : found.isPartial
      ? 'not_read'
      : found.withoutOffset.length > 0 && !isBroadcast
        ? 'no_offset'
        : null;
  const windows = windowsOf(name, found, sources, previous, isFresh);
  const membership = membersOf(name, sources, { isPop, previous, windows });
  const isOffline = isKnown(membership.members) && membership.members.value === 0;
  const held = sources.holders.get(name)?.held;
  const isHeld = (queue: WindowedQueue) => (isOffline ? false : (held?.has(heldKey(queue)) ?? null));
  const queues = windows.map((queue) => judge(queue, isHeld(queue), isFresh));
  const business = queues.filter(({ isRetry }) => !isRetry);
  const sum = business.reduce(
    (total, queue) => total + lagOf({ committed: queue.committedOffset, max: queue.maxOffset }),
    0,
  );
  const lag: Known<number> = isBroadcast ? unknown('broadcast') : atLeast(sum, partial, now);
  const consumeEnabled = configs.every((config) => config.consumeEnabled);
  const verdict = evaluateGroup(
    {
      consumeEnabled,
      isBroadcast,
      lag: isKnown(lag) ? lag.value : null,
      members: isKnown(membership.members) ? membership.members.value : null,
      isPartial: partial !== null,
    },
    queues,
  );
  const dead = deadLettersOf(name, sources.topics);
  return {
    name,
    system: isSystemGroup(name),
    mode,
    ...membership,
    consumeEnabled,
    retryMaxTimes: configs[0]?.retryMaxTimes ?? null,
    topics: found.topics,
    queues,
    queuesWithoutOffset: isBroadcast ? [] : found.withoutOffset,
    lag,
    partial,
    tape: sumTapes(business.length > 0 ? business : queues),
    retriesDue: atLeast(retries?.due ?? 0, silent ? 'broker_silent' : null, now),
    retriesWaiting: retries?.waiting ?? (silent ? unknown('broker_silent') : known(0, now)),
    nextRetryAt: retries?.nextAt ?? null,
    deadLetters: atLeast(dead.count, silent ? 'broker_silent' : dead.partial, now),
    lastDeadAt: dead.lastAt,
    ...verdict,
  };
}

/** A sum that leaves something out says at least so many; a sum of nothing says nothing. */
function atLeast(sum: number, partial: UnknownReason | null, now: number): Known<number> {
  return partial && sum === 0 ? unknown(partial) : known(sum, now);
}

type WindowedQueue = Omit<SnapshotGroupQueue, 'status' | 'rule'>;

function windowsOf(
  group: string,
  found: FoundQueues,
  { previous: _, seeds, now }: GroupSources,
  previous: SnapshotGroup | undefined,
  isFresh: ReadonlySet<string>,
): WindowedQueue[] {
  const before = new Map(
    previous?.queues.map((queue) => [queueKey(group, queue.topic, queue.broker, queue.queueId), queue]),
  );
  return found.queues.map((queue) => {
    const key = queueKey(group, queue.topic, queue.broker, queue.queueId);
    const earlier = before.get(key) ?? seeds.get(key);
    if (!isFresh.has(queue.broker)) {
      return { ...queue, samples: earlier?.samples ?? [], rewound: earlier?.rewound ?? null };
    }
    return { ...queue, ...advanceWindow(earlier, { at: now, committed: queue.committedOffset, max: queue.maxOffset }) };
  });
}

function judge(queue: WindowedQueue, isHeld: boolean | null, isFresh: ReadonlySet<string>): SnapshotGroupQueue {
  if (!isFresh.has(queue.broker)) {
    return { ...queue, status: 'UNKNOWN', rule: { key: 'broker_silent', params: { broker: queue.broker } } };
  }
  const { status, rule } = evaluateQueue({ samples: queue.samples, rewound: queue.rewound, isHeld });
  return { ...queue, status, rule };
}

function deadLettersOf(group: string, topics: ReadonlyMap<string, SnapshotTopic>) {
  const topic = topics.get(DLQ_PREFIX + group);
  let count = 0;
  let lastAt: number | null = null;
  for (const { minOffset, maxOffset, lastStoredAt } of topic?.queues ?? []) {
    count += maxOffset - minOffset;
    if (lastStoredAt !== null && lastStoredAt > (lastAt ?? 0)) lastAt = lastStoredAt;
  }
  return { count, lastAt: count > 0 ? lastAt : null, partial: topic?.partial ?? null };
}

function sumTapes(queues: readonly WindowedQueue[]): (number | null)[] {
  const tapes = queues.map(({ samples }) => tapeOf(samples));
  return tapeOf([]).map((_, tick) => {
    const advances = tapes.flatMap((tape) => tape[tick] ?? []);
    return advances.length > 0 ? advances.reduce((sum, advance) => sum + advance, 0) : null;
  });
}
