import type { ClusterSummary } from '@/lib/contract/clusters';
import { type Failure, figureValue } from '@/lib/contract/primitives';
import type { Ctx } from '../ctx';
import { isNotConsuming } from '../groups/standing';
import { findingsOf } from '../overview/findings';
import { loadOverviewJobs } from '../overview/jobs';
import { type Ledgers, loadLedgers } from '../overview/ledgers';
import { sharedView } from '../shared-read';
import type { Snapshot, SnapshotGroup } from '../snapshot/snapshot';
import { isInternalType } from '../snapshot/system-names';

export interface ClusterFace {
  env: string | null;
  readOnly: boolean;
  unverifiedTls: boolean;
  /** Why the last sweep brought nothing. */
  lastError: { at: number; message: string } | null;
}

/** One line about a cluster, its jobs at most a second old; never throws, since it stands on every page. */
export const summariseCluster = (ctx: Ctx, face: ClusterFace): Promise<ClusterSummary> =>
  sharedView(ctx, `summary ${face.lastError?.at}`, (shared) => summarise(shared, face));

async function summarise(ctx: Ctx, face: ClusterFace): Promise<ClusterSummary> {
  const snapshot = ctx.snapshot();
  const [jobs, ledgers] = await Promise.all([
    loadOverviewJobs(ctx),
    snapshot ? loadLedgers(ctx) : (new Map() as Ledgers),
  ]);
  const groups = [...(snapshot?.groups.values() ?? [])].filter(({ system }) => !system);
  const topics = [...(snapshot?.topics.values() ?? [])].filter(({ type }) => !isInternalType(type));
  const failures = [...(snapshot?.failures ?? [])];
  if (face.lastError) failures.push(...sweepFailures(ctx, face.lastError.message));
  return {
    name: ctx.cluster,
    env: face.env,
    readOnly: face.readOnly,
    unverifiedTls: face.unverifiedTls,
    nameServers: [...ctx.client.nameServers],
    health: healthOf(snapshot, face),
    brokers: (snapshot?.brokers ?? []).map(({ name, cluster, masterAddress, slaves, version, state, asOf }) => ({
      name,
      cluster,
      address: masterAddress,
      slaves,
      version,
      state,
      asOf,
    })),
    counts: {
      topics: topics.length,
      groups: groups.length,
      deadLetters: snapshot ? sumKnown(groups.map((group) => openLetters(group, ledgers))) : null,
      findings: snapshot ? findingsOf(snapshot, jobs, ledgers, ctx.now()).length : 0,
      notConsuming: groups.filter(isNotConsuming).length,
      activeJobs: jobs.active.length,
    },
    version: snapshot?.version ?? 0,
    asOf: snapshot?.asOf ?? null,
    failures,
  };
}

/** A first sweep ends when no NameServer answers, each for a reason of its own. */
function sweepFailures({ client }: Ctx, message: string): Failure[] {
  const { nameServers, topology } = client;
  if (topology.peek() !== null || topology.failures.length === 0)
    return [{ broker: nameServers.join(', '), code: 'SWEEP', message }];
  return topology.failures.map(({ nameServer, ...cause }) => ({ broker: nameServer, ...cause }));
}

function healthOf(snapshot: Snapshot | null, { lastError }: ClusterFace): ClusterSummary['health'] {
  if (!snapshot) return lastError ? 'unreachable' : 'starting';
  if (lastError || (snapshot.brokers.length > 0 && snapshot.brokers.every(({ state }) => state !== 'ok')))
    return 'unreachable';
  return snapshot.failures.length > 0 ? 'partial' : 'ok';
}

function openLetters({ name, deadLetters }: SnapshotGroup, ledgers: Ledgers): number | null {
  const count = figureValue(deadLetters);
  const { handled = 0, redriven = 0 } = ledgers.get(name) ?? {};
  return count === null ? null : Math.max(0, count - handled - redriven);
}

/** Null when nothing of it is known. */
export function sumKnown(figures: readonly (number | null)[]): number | null {
  const values = figures.filter((value) => value !== null);
  return values.length === 0 && figures.length > 0 ? null : values.reduce((sum, value) => sum + value, 0);
}
