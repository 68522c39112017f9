import type { Failure } from '@/lib/contract/primitives';
import { causeOf } from '@/lib/rocketmq/errors';
import { GET_BROKER_RUNTIME_INFO } from '@/lib/rocketmq/requests/get-broker-runtime-info';
import type { TopologyBroker } from '@/lib/rocketmq/topology';
import type { Ctx } from '../ctx';
import { askerOf, type BrokerBudget } from './ask';
import { breather } from './breather';
import type { BrokerFacts } from './broker-facts';
import { buildGroups } from './build-groups';
import { buildTopics } from './build-topics';
import { readBroker, type Watched } from './read-broker';
import { readHolders } from './read-holders';
import { loadSeeds, recordSamples } from './samples';
import type { Snapshot, SnapshotBroker } from './snapshot';
import { advanceFlows } from './topic-flow';
import { carryWatched, watchedOf } from './watched';

/** A broker that did not answer last time is given this long to show that it lives. */
const PROBE_MS = 1000;
/** Left for building and recording after the last answer. */
const BUILD_MS = 250;
const STORE_TIMES_KEPT = 20_000;
const FORGET_MS = 10 * 60_000;

export interface SweepOptions {
  budget?: BrokerBudget | undefined;
  /** Told the picture before it goes to the store. */
  publish?: ((snapshot: Snapshot) => void) | undefined;
}

/**
 * One sweep. Costs per master, in a small cluster: 21, 201, 28, 43, 45, one 202 per topic, one 203 per group and, now and then,
 * 26. What has not changed is not asked again, and beyond some hundreds of topics and groups idle ones take turns. A master
 * that fails keeps its earlier rows (`stale`) or has none (`silent`); rejects only when no NameServer has ever answered.
 */
export async function takeSnapshot(
  ctx: Ctx,
  previous: Snapshot | null,
  { budget, publish }: SweepOptions = {},
): Promise<Snapshot> {
  const startedAt = ctx.now();
  const deadlineAt = ctx.deadlineAt - BUILD_MS;
  const topology = await ctx.client.topology.get({ deadlineAt, signal: ctx.signal });
  const failures: Failure[] = topology.failures.map(({ nameServer, code, message }) => ({
    broker: nameServer,
    code,
    message,
  }));
  const seeds = previous ? new Map() : await loadSeeds(ctx);
  const watched = watchedOf(previous, startedAt);
  const readings = await Promise.all(
    knownBrokers(topology.brokers, previous, startedAt).map((broker) =>
      readOne(ctx, broker, previous, { deadlineAt, budget, watched }),
    ),
  );
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
    watched: carryWatched(previous?.watched, now),
    storeTimes: previous && previous.storeTimes.size < STORE_TIMES_KEPT ? previous.storeTimes : new Map(),
  };
  publish?.(snapshot);
  await recordSamples(ctx, snapshot, previous);
  return snapshot;
}

/**
 * What the NameServers list now, and for a while brokers they listed before: a route lost, as after the restart of a
 * NameServer, is not a broker gone.
 */
function knownBrokers(
  listed: readonly TopologyBroker[],
  previous: Snapshot | null,
  now: number,
): (TopologyBroker | SnapshotBroker)[] {
  const names = new Set(listed.map(({ name }) => name));
  const missed = previous?.brokers.filter(
    ({ name, asOf }) => !names.has(name) && asOf !== null && now - asOf < FORGET_MS,
  );
  return [...listed, ...(missed ?? [])];
}

interface Reading {
  broker: SnapshotBroker;
  facts: BrokerFacts | null;
  failure: Failure | null;
  requests: number;
}

async function readOne(
  ctx: Ctx,
  listed: TopologyBroker | SnapshotBroker,
  previous: Snapshot | null,
  { deadlineAt, budget, watched }: { deadlineAt: number; budget: BrokerBudget | undefined; watched: Watched },
): Promise<Reading> {
  const { name } = listed;
  const before = previous?.facts.get(name);
  const wasOk = previous?.brokers.find((each) => each.name === name)?.state === 'ok';
  const asker = askerOf(ctx, name, deadlineAt, budget);
  try {
    if (!listed.masterAddress)
      return reading(listed, before ?? null, { code: 'NO_MASTER', message: `${name} has no master` }, 0);
    if (!('addresses' in listed)) {
      return reading(
        listed,
        before ?? null,
        { code: 'NOT_REGISTERED', message: `no NameServer lists ${name} any more` },
        0,
      );
    }
    if (previous && !wasOk) {
      const probe = askerOf(ctx, name, Math.min(deadlineAt, ctx.now() + PROBE_MS));
      await probe.ask(GET_BROKER_RUNTIME_INFO, undefined);
    }
    const facts = await asker.whileItAnswers(readBroker(asker, before, { now: ctx.now, watched }));
    return reading(listed, facts, null, asker.requests);
  } catch (error) {
    return reading(listed, before ?? null, causeOf(error), asker.requests);
  }
}

function reading(
  listed: TopologyBroker | SnapshotBroker,
  facts: BrokerFacts | null,
  cause: Omit<Failure, 'broker'> | null,
  requests: number,
): Reading {
  const { name, cluster, masterAddress } = listed;
  const settings = facts?.settings;
  return {
    broker: {
      name,
      cluster,
      masterAddress,
      slaves: 'addresses' in listed ? [...listed.addresses.keys()].filter((id) => id !== 0).length : listed.slaves,
      version: settings?.version ?? null,
      state: cause ? (facts ? 'stale' : 'silent') : 'ok',
      asOf: facts?.asOf ?? null,
      delayLevelsMs: settings?.delayLevelsMs ?? null,
      fileReservedHours: settings?.fileReservedHours ?? null,
      traceTopic: settings?.traceTopic ?? null,
    },
    facts,
    failure: cause && { broker: name, ...cause },
    requests,
  };
}
