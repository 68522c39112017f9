import 'server-only';
import { SignInThrottle } from '@/lib/domain/accounts/throttle';
import type { Store } from '@/lib/store/open';
import { makesAdministrators } from './access-config';
import { startAuditLog } from './audit-log';
import { startCopyFollower } from './copy-follower';
import { crashWhenAt } from './crash-at';
import { createClient } from './create-client';
import { ctxOf } from './create-ctx';
import type { ClusterConfig, Settings } from './env';
import { startHousekeeping } from './housekeeping';
import { startJobRunner } from './job-runner';
import { startLedgerReader } from './ledger-reader';
import { Limits } from './limits';
import { writeLines } from './log';
import { OidcSignIn } from './oidc';
import { pageDoor } from './page-door';
import { watchRaises } from './raises';
import { type ClusterRuntime, runtime, setRuntime } from './runtime';
import { makeSetupLink, removeSetupLink } from './setup-link';
import { startSweeper } from './sweeper';
import { systemActor } from './system-actor';
import type { WhenAnswered } from './watch-requests';

/** Clients, sweeps, housekeeping and jobs over an open store; ends by a signal. */
export async function startBackground(settings: Settings, store: Store, whenAnswered: WhenAnswered): Promise<void> {
  const { access } = settings;
  const isNew = access.hasPasswordSignIn && !makesAdministrators(access) && !(await store.accounts.hasLocal());
  if (!isNew) removeSetupLink(settings.dataDir);
  const clusters = new Map(settings.clusters.map((config) => [config.name, startCluster(config, settings)]));
  const { crashAt } = settings;
  const raises = watchRaises(store);
  setRuntime({
    settings,
    store,
    clusters,
    jobs: startJobRunner(),
    startedAt: Date.now(),
    throttle: new SignInThrottle(),
    raises,
    oidc: access.oidc && new OidcSignIn(access.oidc),
    limits: new Limits(settings.limits),
    pageDoor: pageDoor(whenAnswered),
    setup: isNew ? makeSetupLink(settings, (text) => console.log(text)) : null,
    ...(crashAt && { crashPoint: crashWhenAt(crashAt) }),
  });
  for (const { sweeper, ledgers, copies } of clusters.values()) {
    sweeper.start();
    ledgers.start();
    copies.start();
  }
  const stops = [
    startHousekeeping(store, settings),
    raises.stop,
    ...(settings.auditLog ? [startAuditLog(store, writeLines)] : []),
  ];
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(stops));
  await runtime().jobs.resumeInterrupted();
}

function startCluster(config: ClusterConfig, settings: Settings): ClusterRuntime {
  const client = createClient(config, settings.brokerBudget.inFlight);
  const actor = systemActor('sweeper', 'sweeper');
  const ctxFor = (requestId: string) => (signal: AbortSignal, deadlineAt: number) =>
    ctxOf(cluster, actor, { requestId, signal, deadlineAt });
  const cluster: ClusterRuntime = {
    config,
    client,
    sweeper: startSweeper(config.name, ctxFor('sweep'), settings.sweepIntervalMs, settings.brokerBudget),
    ledgers: startLedgerReader(config.name, ctxFor('ledgers')),
    copies: startCopyFollower(config.name, ctxFor('copies'), (id) => runtime().jobs.control(id) !== null),
  };
  return cluster;
}

async function stop(stops: readonly (() => void)[]): Promise<void> {
  for (const each of stops) each();
  const { clusters, jobs, store } = runtime();
  await jobs.stop();
  for (const cluster of clusters.values()) {
    cluster.sweeper.stop();
    cluster.ledgers.stop();
    cluster.copies.stop();
    cluster.client.close();
  }
  await store.close();
  process.exit(0);
}
