import 'server-only';
import type { Actor, Ctx } from '@/lib/domain/ctx';
import { isPermitted } from '@/lib/domain/permission';
import { visibleSnapshot } from '@/lib/domain/snapshot/visible';
import { ApiError } from './api-error';
import { log } from './log';
import { type ClusterRuntime, runtime } from './runtime';

export function createCtx(options: {
  cluster: string | undefined;
  actor: Actor;
  requestId: string;
  signal: AbortSignal;
  deadlineAt: number;
}): Ctx {
  const cluster = findCluster(options.cluster, options.actor);
  return ctxOf(cluster, options.actor, options);
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
    snapshot: () => visibleSnapshot(cluster.sweeper.snapshot(), actor, cluster.config.name),
    store,
    log,
    signal: options.signal,
    now: Date.now,
    deadlineAt: options.deadlineAt,
    requestId: options.requestId,
    maxRate: settings.maxRate,
    maskRules: settings.access.masking,
    auditBodyReads: settings.auditBodyReads,
    ...(settings.listLetters && { listLetters: settings.listLetters }),
    ...(crashPoint && { crashPoint }),
  };
}

/** A cluster that the actor may not know of is not there; without a name it is the first that he may. */
function findCluster(name: string | undefined, actor: Actor): ClusterRuntime {
  const all = [...runtime().clusters.values()];
  const visible = all.filter(({ config }) => isPermitted(actor, 'metadata:read', { cluster: config.name }));
  const found = name === undefined ? (visible[0] ?? all[0]) : visible.find(({ config }) => config.name === name);
  if (!found)
    throw new ApiError(404, 'not_found', 'unknown_cluster', {
      name: name ?? '',
      known: visible.map(({ config }) => config.name).join(', '),
    });
  return found;
}
