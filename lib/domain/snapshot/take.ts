import type { Failure } from '@/lib/contract/primitives';
import { breather } from '../breather';
import type { Ctx } from '../ctx';
import type { BrokerBudget } from './ask';
import { buildGroups } from './build-groups';
import { buildTopics } from './build-topics';
import { readBrokers } from './read-brokers';
import { readHolders } from './read-holders';
import { inRoomyHeap } from './roomy-heap';
import { loadSeeds, recordSamples } from './samples';
import type { Snapshot } from './snapshot';
import { advanceFlows } from './topic-flow';
import { carryWatched, watchedOf } from './watched';

/** Left for building and recording after the last answer. */
const BUILD_MS = 250;
/** The picture of the others does not wait longer for a broker that takes long. */
const PATIENCE_MS = 4000;
const STORE_TIMES_KEPT = 20_000;

export interface SweepOptions {
  budget?: BrokerBudget | undefined;
  /** For brokers that are still being read when others are through; default 4,000 ms. */
  patienceMs?: number | undefined;
  /** Told the picture before it goes to the store. */
  publish?: ((snapshot: Snapshot) => void) | undefined;
}

/**
 * One sweep. Costs per master, in a small cluster: 21, 201, 28, 43, 45, one 202 per topic, one 203 per group and, now and then,
 * 26. What has not changed is not asked again, and beyond some hundreds of topics and groups idle ones take turns. A master
 * that fails keeps its earlier rows (`stale`) or has none (`silent`); rejects only when no NameServer has ever answered.
 */
export function takeSnapshot(ctx: Ctx, previous: Snapshot | null, options: SweepOptions = {}): Promise<Snapshot> {
  const sweep = () => sweepBrokers(ctx, previous, options);
  return previous ? sweep() : inRoomyHeap(sweep);
}

async function sweepBrokers(
  ctx: Ctx,
  previous: Snapshot | null,
  { budget, patienceMs = PATIENCE_MS, publish }: SweepOptions,
): Promise<Snapshot> {
  const startedAt = ctx.now();
  const deadlineAt = ctx.deadlineAt - BUILD_MS;
  const topology = await ctx.client.topology.get({ deadlineAt, signal: ctx.signal });
  const failures: Failure[] = topology.failures.map(({ nameServer, ...cause }) => ({ broker: nameServer, ...cause }));
  const seeds = previous ? new Map() : await loadSeeds(ctx);
  const watched = watchedOf(previous, startedAt);
  const { readings, unfinished } = await readBrokers(ctx, topology.brokers, previous, {
    deadlineAt,
    budget,
    watched,
    patienceMs,
  });
  for (const { failure } of readings) if (failure) failures.push(failure);

  const brokers = readings.map(({ broker }) => broker);
  const facts = readings.flatMap(({ facts: read }) => read ?? []);
  const now = ctx.now();
  const breathe = breather();
  const topics = buildTopics(facts, brokers, previous);
  await breathe();
  const groups = await buildGroups(
    {
      facts,
      brokers,
      topics,
      previous: previous?.groups ?? new Map(),
      seeds,
      holders: previous?.holders ?? new Map(),
      now,
    },
    breathe,
  );
  const holders = await readHolders(ctx, groups, facts, previous?.holders);
  const snapshot: Snapshot = {
    version: (previous?.version ?? 0) + 1,
    asOf: now,
    tookMs: now - startedAt,
    requests: readings.reduce((sum, { requests }) => sum + requests, 0),
    brokers,
    topics,
    groups,
    flows: advanceFlows(previous?.flows, topics, brokers, now),
    failures,
    facts: new Map(facts.map((each) => [each.broker, each])),
    holders,
    unfinished,
    watched: carryWatched(previous?.watched, now),
    storeTimes: previous && previous.storeTimes.size < STORE_TIMES_KEPT ? previous.storeTimes : new Map(),
  };
  publish?.(snapshot);
  await recordSamples(ctx, snapshot, previous);
  return snapshot;
}
