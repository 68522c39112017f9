import { firstCause } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { noMasterOf } from './live-brokers';
import type { Snapshot } from './snapshot';

/**
 * The present picture. `DomainError` UNAVAILABLE `cluster_unreachable` when there is none yet, or when no
 * broker has ever answered: an empty list would say that the cluster is empty.
 */
export function requireSnapshot(ctx: Ctx): Snapshot {
  const snapshot = ctx.snapshot();
  if (snapshot && (snapshot.brokers.length === 0 || snapshot.facts.size > 0)) return snapshot;
  if (!snapshot) {
    const { nameServers, topology } = ctx.client;
    throw new DomainError('UNAVAILABLE', 'cluster_unreachable', {
      cluster: ctx.cluster,
      nameServers: nameServers.join(', '),
      ...firstCause(topology.failures),
    });
  }
  throw noMasterOf(ctx, snapshot);
}
