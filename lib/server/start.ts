import 'server-only';
import { openStore } from '@/lib/store/open';
import { createClient } from './create-client';
import { ctxOf } from './create-ctx';
import { type ClusterConfig, ConfigurationError, readSettings, type Settings } from './env';
import { startHousekeeping } from './housekeeping';
import { startJobRunner } from './job-runner';
import { log } from './log';
import { watchRawUrls } from './raw-url';
import { type ClusterRuntime, isRunning, runtime, setRuntime } from './runtime';
import { startSweeper } from './sweeper';

/** Starts what lives as long as the process: store, clients, sweeps, job runner. Called once by instrumentation. */
export async function start(): Promise<void> {
  if (isRunning()) return;
  watchRawUrls();
  try {
    const settings = readSettings(process.env);
    const store = await openStore({ dir: settings.dataDir });
    const clusters = new Map(settings.clusters.map((config) => [config.name, startCluster(config, settings)]));
    setRuntime({ settings, store, clusters, jobs: startJobRunner(), startedAt: Date.now() });
    for (const cluster of clusters.values()) cluster.sweeper.start();
    const stopHousekeeping = startHousekeeping(store, settings.dataDir);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(stopHousekeeping));
    await runtime().jobs.resumeInterrupted();
  } catch (error) {
    if (error instanceof ConfigurationError || (error instanceof Error && error.name === 'StoreError')) {
      console.error(`\nRedrive did not start. ${error.message}\n`);
    } else {
      log.error({ err: error }, 'Redrive did not start');
    }
    process.exit(1);
  }
}

function startCluster(config: ClusterConfig, settings: Settings): ClusterRuntime {
  const client = createClient(config);
  const actor = { id: 'sweeper', name: 'sweeper', role: 'viewer', ip: '127.0.0.1' } as const;
  const cluster: ClusterRuntime = {
    config,
    client,
    sweeper: startSweeper(
      config.name,
      (signal, deadlineAt) => ctxOf(cluster, actor, { requestId: 'sweep', signal, deadlineAt }),
      settings.sweepIntervalMs,
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
