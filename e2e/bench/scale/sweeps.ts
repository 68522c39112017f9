// Child of run.ts, with the memory bounds of the server: sweeps the cluster and says what it cost, as one line of JSON.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Snapshot } from '@/lib/domain/snapshot/snapshot';
import { takeSnapshot } from '@/lib/domain/snapshot/take';
import { movement } from './move';
import { planCluster } from './plan';
import { dumpRows } from './rows';
import { openSession, type Session } from './session';
import { brokerCpuS, type Target, targetOf } from './target';
import { replay, type WireRequest } from './wire';

export interface Measured {
  ms: number;
  requests: number;
  bytes: number;
  brokerCpuS: number;
  ownCpuS: number;
  loopP99Ms: number;
  bareMs: number;
}
export interface SweepsReport {
  cold: Measured[];
  still: Measured[];
  moving: Measured[];
  rssBytes: number;
}

const ROUNDS = 5;
const IN_FLIGHT = 32;
const SWEEP_MS = 5_000;
/** What brokers and this process run most is compiled by then. */
const WARM_UPS = 4;
/** Members of all groups are known by then, and windows are full. */
const SETTLING_SWEEPS = 12;
/** Every idle topic had its turn. */
const TURNS = 8;

async function main(): Promise<void> {
  const target = targetOf(process.argv[2]);
  const dumpFile = process.argv[3] ?? '';
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();

  let session = openSession(target.nameServers);
  for (let count = 0; count < WARM_UPS; count++) await takeSnapshot(session.ctx, null);
  const cold: Measured[] = [];
  let snapshot: Snapshot | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    session.client.close();
    session = openSession(target.nameServers);
    [snapshot] = await sweep(session, null, cold);
  }
  for (let count = 0; count < SETTLING_SWEEPS; count++) {
    await delay(SWEEP_MS);
    snapshot = await takeSnapshot(session.ctx, snapshot);
  }
  const still: Measured[] = [];
  const moving: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await delay(SWEEP_MS);
    [snapshot] = await sweep(session, snapshot, still);
  }
  const plan = planCluster();
  for (let round = 0; round < 2 * ROUNDS; round++) {
    await Promise.all(
      target.brokers.map(({ name, address }) =>
        replay(address, movement(plan, name, round), { inFlight: 8, check: true }),
      ),
    );
    await delay(SWEEP_MS);
    // The first ones still learn which topics are busy.
    [snapshot] = await sweep(session, snapshot, round < ROUNDS ? [] : moving);
  }
  for (let count = 0; count < TURNS; count++) {
    await delay(SWEEP_MS);
    snapshot = await takeSnapshot(session.ctx, snapshot);
  }
  const report: SweepsReport = { cold, still, moving, rssBytes: process.memoryUsage().rss };
  if (snapshot) await dumpRows(snapshot, dumpFile);
  process.stdout.write(`REPORT ${JSON.stringify(report)}\n`);
  process.exit(0);

  async function sweep(at: Session, previous: Snapshot | null, into: Measured[]): Promise<[Snapshot]> {
    at.record = new Map();
    loop.reset();
    const brokersBefore = brokerCpuS(target);
    const own = process.cpuUsage();
    const startedAt = performance.now();
    let ms = 0;
    const publish = () => {
      ms = performance.now() - startedAt;
    };
    const taken = await takeSnapshot(at.ctx, previous, { publish });
    const { user, system } = process.cpuUsage(own);
    const loopP99Ms = loop.percentile(99) / 1e6;
    const brokers = brokerCpuS(target) - brokersBefore;
    if (taken.failures.length > 0) process.stderr.write(`${JSON.stringify(taken.failures)}\n`);
    const asked = at.record;
    at.record = null;
    const bareAt = performance.now();
    const traffic = await Promise.all([...asked].map(([name, requests]) => bare(target, name, requests)));
    const bareMs = performance.now() - bareAt;
    into.push({
      ms,
      requests: traffic.reduce((sum, { requests }) => sum + requests, 0),
      bytes: traffic.reduce((sum, { sentBytes, receivedBytes }) => sum + sentBytes + receivedBytes, 0),
      brokerCpuS: brokers,
      ownCpuS: (user + system) / 1e6,
      loopP99Ms,
      bareMs,
    });
    return [taken];
  }
}

function bare(target: Target, broker: string, requests: readonly WireRequest[]) {
  const address = target.brokers.find(({ name }) => name === broker)?.address ?? '';
  return replay(address, requests, { inFlight: IN_FLIGHT });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
