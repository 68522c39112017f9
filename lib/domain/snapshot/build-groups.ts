import { figureValue, isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import { isWaitHidden } from '../groups/retries';
import { evaluateGroup } from '../lag/evaluate';
import type { UnknownReason } from '../unknown-reasons';
import { type BrokerFacts, topicAsOf } from './broker-facts';
import { membersOf, modeOf } from './group-members';
import { alignRows, collectQueues, type FoundQueues } from './group-queues';
import { type GroupRows, type Judging, lagOfRows, queuesOfRows, type RowPart, verdictsOfRows } from './group-rows';
import { advanceWindow, type GroupWindow, KEPT_SAMPLES } from './queue-window';
import { countRetries, type RetryCounts } from './retry-counts';
import { seedWindow } from './seed-window';
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
  /** Windows of an earlier run of the console, by `queueKey`; used for groups that `previous` lacks. */
  seeds: ReadonlyMap<string, WindowSeed>;
  holders: ReadonlyMap<string, GroupHolders>;
  now: number;
}

export const queueKey = (group: string, topic: string, broker: string, queueId: number): string =>
  `${group}@${topic}@${broker}@${queueId}`;

/** Every group any broker has, with what it has read, who is connected, and its status word. Lets others run in between. */
export async function buildGroups(sources: GroupSources, breathe: () => Promise<void> | undefined) {
  const names = new Set<string>();
  for (const { groups } of sources.facts) for (const name of groups.keys()) names.add(name);
  const retries = countRetries(sources, names);
  await breathe();
  const judging = judgingOf(sources);
  const stale = sources.facts.filter(({ broker }) => !judging.isFresh(broker)).map(({ broker }) => broker);
  const context: Context = {
    ...sources,
    ...judging,
    missing: stale.length > 0 ? new Set(stale) : null,
    hasSilent: sources.brokers.some(({ state }) => state === 'silent'),
  };
  const groups = new Map<string, SnapshotGroup>();
  for (const name of names) {
    groups.set(name, buildGroup(name, context, retries.get(name)));
    await breathe();
  }
  return groups;
}

interface Context extends GroupSources, Pick<Judging, 'isFresh' | 'asOf'> {
  missing: ReadonlySet<string> | null;
  hasSilent: boolean;
}

/**
 * Every group of a picture keeps these functions. They stand in a scope of their own, where nothing leads to the picture
 * before: through it each would hold the one before it, and none would ever be freed.
 */
function judgingOf({ facts, brokers }: Pick<GroupSources, 'facts' | 'brokers'>): Pick<Judging, 'isFresh' | 'asOf'> {
  const isOk = new Set(brokers.filter(({ state }) => state === 'ok').map(({ name }) => name));
  return {
    isFresh: (broker) => isOk.has(broker),
    asOf({ topic, broker }) {
      const source = facts.find((each) => each.broker === broker);
      const found = source?.topics.get(topic);
      return source && found ? topicAsOf(found, source) : 0;
    },
  };
}

function buildGroup(name: string, context: Context, retries: RetryCounts | undefined): SnapshotGroup {
  const { facts, now, isFresh, hasSilent } = context;
  const previous = context.previous.get(name);
  const configs = facts.flatMap(({ groups }) => groups.get(name) ?? []);
  const found = collectQueues(name, facts, previous?.rows?.found);
  const isPop = retries?.isPop ?? false;
  const mode = modeOf(name, facts, { isPop, hasOffsets: found.committed.length > 0 });
  const isBroadcast = mode === 'BROADCASTING';
  const partial: UnknownReason | null = hasSilent
    ? 'broker_silent'
    : found.isPartial
      ? 'not_read'
      : found.withoutOffset.length > 0 && !isBroadcast
        ? 'no_offset'
        : null;
  const rows = rowsOf(name, found, context, previous);
  const membership = membersOf(name, context, { isPop, previous, rows });
  const isOffline = isKnown(membership.members) && membership.members.value === 0;
  const judging: Judging = {
    isFresh,
    held: isOffline ? false : (context.holders.get(name)?.held ?? null),
    asOf: context.asOf,
  };
  const lag: Known<number> = isBroadcast ? unknown('broadcast') : atLeast(lagOfRows(rows), partial, now);
  const consumeEnabled = configs.every((config) => config.consumeEnabled);
  const verdict = evaluateGroup(
    {
      consumeEnabled,
      isBroadcast,
      lag: isKnown(lag) ? lag.value : null,
      members: isKnown(membership.members) ? membership.members.value : null,
      isPartial: partial !== null,
    },
    verdictsOfRows(rows, judging),
  );
  const dead = deadLettersOf(name, context.topics);
  let queues: SnapshotGroupQueue[] | undefined;
  return {
    name,
    system: isSystemGroup(name),
    mode,
    ...membership,
    consumeEnabled,
    retryMaxTimes: configs[0]?.retryMaxTimes ?? null,
    topics: found.topics,
    rows,
    get queues() {
      queues ??= queuesOfRows(rows, judging);
      return queues;
    },
    queuesWithoutOffset: isBroadcast ? [] : found.withoutOffset,
    lag,
    partial,
    tape: tapeOfFrames(rows),
    retriesDue: atLeast(retries?.due ?? 0, hasSilent ? 'broker_silent' : found.isPartial ? 'not_read' : null, now),
    retriesWaiting: waitingOf(mode, retries) ?? (hasSilent ? unknown('broker_silent') : known(0, now)),
    nextRetryAt: retries?.nextAt ?? null,
    deadLetters: atLeast(dead.count, hasSilent ? 'broker_silent' : dead.partial, now),
    lastDeadAt: dead.lastAt,
    ...verdict,
  };
}

const waitingOf = (mode: SnapshotGroup['mode'], retries: RetryCounts | undefined): Known<number> | undefined =>
  isWaitHidden(mode, retries ? (figureValue(retries.waiting) ?? 0) : 0) ? unknown('pop_hidden') : retries?.waiting;

/** A sum that leaves something out says at least so many; a sum of nothing says nothing. */
function atLeast(sum: number, partial: UnknownReason | null, now: number): Known<number> {
  return partial && sum === 0 ? unknown(partial) : known(sum, now);
}

function rowsOf(
  group: string,
  found: FoundQueues,
  { seeds, now, missing }: Context,
  previous: SnapshotGroup | undefined,
): GroupRows {
  const { columns, window } = alignRows(found, previous?.rows);
  const { parts, committed, max, min } = columns;
  const earlier: GroupWindow | undefined = window ?? seedOf(group, parts, seeds);
  const partOf = (row: number) => parts.find(({ from, queueIds }) => row >= from && row < from + queueIds.length);
  // Without business queues the retry topics speak for the group.
  const hasBusiness = parts.some(({ isRetry }) => !isRetry);
  const { frames, rewound } = advanceWindow(earlier, {
    at: now,
    committed,
    max,
    missing,
    brokerOf: (row) => partOf(row)?.broker ?? '',
    isTaped: (row) => !hasBusiness || partOf(row)?.isRetry === false,
  });
  return { found, parts, committed, max, min, frames, rewound };
}

const seedOf = (group: string, parts: readonly RowPart[], seeds: Context['seeds']): GroupWindow | undefined =>
  seeds.size === 0
    ? undefined
    : seedWindow(parts, (topic, broker, queueId) => seeds.get(queueKey(group, topic, broker, queueId)));

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

/** One tick fewer than samples; null where there is none. */
function tapeOfFrames({ frames }: GroupRows): (number | null)[] {
  const ticks = frames.slice(1).map(({ advance }) => advance);
  return [...new Array<null>(Math.max(0, KEPT_SAMPLES - 1 - ticks.length)).fill(null), ...ticks];
}
