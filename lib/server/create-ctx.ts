import 'server-only';
import type { Actor, Ctx } from '@/lib/domain/ctx';
import { ApiError } from './api-error';
import { log } from './log';
import { type ClusterRuntime, runtime } from './runtime';

/** The one local operator until sign-in exists. */
const LOCAL_ACTOR = { id: 'local', name: 'local operator', role: 'admin' } as const;

export function createCtx(options: {
  cluster: string | undefined;
  ip: string;
  requestId: string;
  signal: AbortSignal;
  deadlineAt: number;
}): Ctx {
  const cluster = findCluster(options.cluster);
  const actor: Actor = { ...LOCAL_ACTOR, ip: options.ip };
  return ctxOf(cluster, actor, options);
}

export function ctxOf(
  cluster: ClusterRuntime,
  actor: Actor,
  options: { requestId: string; signal: AbortSignal; deadlineAt: number },
): Ctx {
  const { store, settings, crashPoint } = runtime();
  return {
    cluster: cluster.config.name,
    actor,
    client: cluster.client,
    snapshot: () => cluster.sweeper.snapshot(),
    store,
    log,
    signal: options.signal,
    now: Date.now,
    deadlineAt: options.deadlineAt,
    requestId: options.requestId,
    maxRate: settings.maxRate,
    auditBodyReads: settings.auditBodyReads,
    ...(settings.listLetters && { listLetters: settings.listLetters }),
    ...(crashPoint && { crashPoint }),
  };
}

function findCluster(name: string | undefined): ClusterRuntime {
  const { clusters } = runtime();
  const found = name === undefined ? clusters.values().next().value : clusters.get(name);
  if (!found)
    throw new ApiError(404, 'not_found', 'unknown_cluster', {
      name: name ?? '',
      known: [...clusters.keys()].join(', '),
    });
  return found;
}
