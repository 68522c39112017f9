import type { Failure } from '@/lib/contract/primitives';
import { causeOf } from '@/lib/rocketmq/errors';
import { GET_BROKER_RUNTIME_INFO } from '@/lib/rocketmq/requests/get-broker-runtime-info';
import type { TopologyBroker } from '@/lib/rocketmq/topology';
import type { Ctx } from '../ctx';
import { askerOf, type BrokerBudget } from './ask';
import type { BrokerFacts } from './broker-facts';
import { readBroker, type Watched } from './read-broker';
import type { Snapshot, SnapshotBroker } from './snapshot';

/** A broker that did not answer last time is given this long to show that it lives. */
const PROBE_MS = 1000;
/** And when time is up before any broker is through, the first one gives the others so much. */
const GRACE_MS = 500;
const FORGET_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;

interface ReadOptions {
  deadlineAt: number;
  budget: BrokerBudget | undefined;
  watched: Watched;
  patienceMs: number;
}

export interface Reading {
  broker: SnapshotBroker;
  facts: BrokerFacts | null;
  failure: Failure | null;
  requests: number;
}

/** What came of reading a broker. */
export interface Outcome {
  facts: BrokerFacts | null;
  cause: Omit<Failure, 'broker'> | null;
  requests: number;
}

/**
 * Reads all brokers at once. One that takes long, as behind a slow network, keeps its earlier rows while it is being read on:
 * `unfinished`, which the next sweep takes up. Never rejects.
 */
export async function readBrokers(
  ctx: Ctx,
  listed: readonly TopologyBroker[],
  previous: Snapshot | null,
  options: ReadOptions,
): Promise<{ readings: Reading[]; unfinished: Map<string, Promise<Outcome>> }> {
  const brokers = knownBrokers(listed, previous, ctx.now());
  const outcomes = new Map<string, Outcome>();
  const running = new Map(
    brokers.map((broker) => [
      broker.name,
      previous?.unfinished?.get(broker.name) ?? readOne(ctx, broker, beforeOf(broker.name, previous), options),
    ]),
  );
  const wasOk = new Set(previous?.brokers.flatMap(({ name, state }) => (state === 'ok' ? [name] : [])));
  const finishing = [...running].map(([name, outcome]) => settle(outcomes, name, outcome, wasOk.has(name)));
  await mostOf(finishing, options.patienceMs);
  const readings = brokers.map((broker) => {
    const before = previous?.facts.get(broker.name) ?? null;
    const { facts, cause, requests } = outcomes.get(broker.name) ?? { ...slow(broker.name), facts: null };
    return reading(broker, facts ?? before, cause, requests);
  });
  for (const name of outcomes.keys()) running.delete(name);
  return { readings, unfinished: running };
}

/**
 * Whether it brings news: figures, or that a broker is gone. In a scope of its own, since a broker that takes long keeps what
 * waits for it alive, and that must not be whole pictures.
 */
async function settle(
  outcomes: Map<string, Outcome>,
  name: string,
  reading: Promise<Outcome>,
  wasOk: boolean,
): Promise<true | null> {
  const outcome = await reading;
  outcomes.set(name, outcome);
  return outcome.facts || wasOk ? true : null;
}

const slow = (broker: string) => ({
  cause: { code: 'SLOW', message: `${broker} answers, but has not told everything yet; it is being read on` },
  requests: 0,
});

/** Until all are through, or time is up and one of them has brought news. */
async function mostOf(reading: readonly Promise<unknown>[], patienceMs: number): Promise<void> {
  const all = Promise.all(reading);
  await Promise.race([all, after(patienceMs)]);
  const first = Promise.any(reading.map(async (each) => (await each) ?? Promise.reject()));
  await Promise.race([all, first.then(() => after(Math.min(GRACE_MS, patienceMs)))]).catch(() => all);
}

const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());

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

/** What the last picture had of one broker. */
interface Before {
  facts: BrokerFacts | undefined;
  /** It answered; or there was no picture that could say otherwise. */
  isTrusted: boolean;
}

const beforeOf = (name: string, previous: Snapshot | null): Before => ({
  facts: previous?.facts.get(name),
  isTrusted: previous === null || previous.brokers.find((each) => each.name === name)?.state === 'ok',
});

async function readOne(
  ctx: Ctx,
  listed: TopologyBroker | SnapshotBroker,
  before: Before,
  { deadlineAt, budget, watched }: ReadOptions,
): Promise<Outcome> {
  const { name } = listed;
  const failed = (cause: Omit<Failure, 'broker'>, requests = 0): Outcome => ({ facts: null, cause, requests });
  if (!listed.masterAddress) return failed({ code: 'NO_MASTER', message: `${name} has no master` });
  if (!('addresses' in listed))
    return failed({ code: 'NOT_REGISTERED', message: `no NameServer lists ${name} any more` });
  const asker = askerOf(ctx, name, deadlineAt, budget);
  try {
    if (!before.isTrusted) {
      const probe = askerOf(ctx, name, Math.min(deadlineAt, ctx.now() + PROBE_MS));
      await probe.ask(GET_BROKER_RUNTIME_INFO, undefined);
    }
    const facts = await asker.whileItAnswers(readBroker(asker, before.facts, { now: ctx.now, watched }));
    return { facts, cause: null, requests: asker.requests };
  } catch (error) {
    return failed(causeOf(error), asker.requests);
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
      retentionMs: settings?.fileReservedHours == null ? null : settings.fileReservedHours * HOUR_MS,
      traceTopic: settings?.traceTopic ?? null,
      bootAt: facts?.bootAt ?? null,
    },
    facts,
    failure: cause && { broker: name, ...cause },
    requests,
  };
}
