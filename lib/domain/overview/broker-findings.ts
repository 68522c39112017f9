import type { Failure } from '@/lib/contract/primitives';
import { firstCause } from '../ask-brokers';
import type { Snapshot, SnapshotBroker } from '../snapshot/snapshot';
import type { RankedFinding } from './findings';

/** Brokers and NameServers that do not answer, and traces that have nowhere to go. */
export function brokerFindings(snapshot: Snapshot, now: number): RankedFinding[] {
  const findings: RankedFinding[] = [];
  const brokers = new Set(snapshot.brokers.map(({ name }) => name));
  for (const broker of snapshot.brokers) {
    if (broker.state === 'ok') continue;
    const failure = snapshot.failures.find((each) => each.broker === broker.name);
    const address = broker.masterAddress ?? '–';
    // What a connection says begins with its address.
    const cause = failure?.message.replace(`${address}: `, '') ?? '';
    const ageMs = broker.asOf === null ? 0 : Math.max(0, now - broker.asOf);
    findings.push({
      ...PLACE,
      id: `broker_${broker.state}:${broker.name}`,
      severity: failure?.code === 'SLOW' ? 'warning' : 'critical',
      key: keyOf(broker, failure),
      params: { broker: broker.name, address, cause, ageMs, ...firstCause(failure ? [failure] : []) },
      since: broker.asOf,
      size: Number.MAX_SAFE_INTEGER,
      ageMs,
    });
  }
  for (const failure of snapshot.failures.filter(({ broker }) => !brokers.has(broker))) {
    const { broker: nameServer, message, params } = failure;
    findings.push({
      ...PLACE,
      id: `name_server_failed:${nameServer}`,
      severity: 'warning',
      key: params ? 'name_server_refused' : 'name_server_failed',
      params: { nameServer, cause: message, ...firstCause([failure]) },
      since: null,
      size: Number.MAX_SAFE_INTEGER,
      ageMs: 0,
    });
  }
  return [...findings, ...traceFindings(snapshot)];
}

function keyOf({ state }: SnapshotBroker, failure: Failure | undefined): string {
  // Somebody has to mend something: waiting for an answer does not help.
  if (failure?.params) return 'broker_refused';
  return state === 'stale' ? 'broker_stale' : failure?.code === 'SLOW' ? 'broker_slow' : 'broker_silent';
}

const PLACE = { href: '/', tape: null } as const;

function traceFindings(snapshot: Snapshot): RankedFinding[] {
  const missing = snapshot.brokers.filter(
    ({ name, traceTopic, state }) =>
      state === 'ok' && traceTopic !== null && !snapshot.facts.get(name)?.topics.has(traceTopic),
  );
  return missing.map(({ name, traceTopic }) => ({
    ...PLACE,
    id: `trace_topic_missing:${name}`,
    severity: 'note',
    key: 'trace_topic_missing',
    params: { broker: name, topic: traceTopic ?? '' },
    since: null,
    size: 0,
    ageMs: 0,
  }));
}
