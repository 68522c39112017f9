import 'server-only';
import type { Store } from '@/lib/store/open';
import { createClient } from './create-client';
import { ctxOf } from './create-ctx';
import type { ClusterConfig, Settings } from './env';
import { startHousekeeping } from './housekeeping';
import { startJobRunner } from './job-runner';
import { type ClusterRuntime, runtime, setRuntime } from './runtime';
import { startSweeper } from './sweeper';

/** Clients, sweeps, housekeeping and jobs over an open store; ends by a signal. */
export async function startBackground(settings: Settings, store: Store): Promise<void> {
  const clusters = new Map(settings.clusters.map((config) => [config.name, startCluster(config, settings)]));
  setRuntime({ settings, store, clusters, jobs: startJobRunner(), startedAt: Date.now() });
  for (const cluster of clusters.values()) cluster.sweeper.start();
  const stopHousekeeping = startHousekeeping(store, settings.dataDir);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(stopHousekeeping));
  await runtime().jobs.resumeInterrupted();
}

function startCluster(config: ClusterConfig, settings: Settings): ClusterRuntime {
  const client = createClient(config, settings.brokerBudget.inFlight);
  const actor = { id: 'sweeper', name: 'sweeper', role: 'viewer', ip: '127.0.0.1' } as const;
  const cluster: ClusterRuntime = {
    config,
    client,
    sweeper: startSweeper(
      config.name,
      (signal, deadlineAt) => ctxOf(cluster, actor, { requestId: 'sweep', signal, deadlineAt }),
      settings.sweepIntervalMs,
      settings.brokerBudget,
    ),
  };
  return cluster;
}

async function stop(stopHousekeeping: () => void): Promise<void> {
  stopHousekeeping();
  const { clusters, jobs, store } = runtime();
  await jobs.stop();
  for (const cluster of clusters.values()) {
    cluster.sweeper.stop();
    cluster.client.close();
  }
  await store.close();
  process.exit(0);
}
