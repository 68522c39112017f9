import { unknown } from '@/lib/contract/primitives';
import { GET_ALL_SUBSCRIPTIONGROUP_CONFIG } from '@/lib/rocketmq/requests/get-all-subscriptiongroup-config';
import { askBrokers, brokersOf, requireSome, targetOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { tapeOf } from '../lag/evaluate';
import { nearestName } from '../snapshot/nearest-name';
import type { SnapshotGroup } from '../snapshot/snapshot';
import { DLQ_PREFIX, isSystemGroup } from '../snapshot/system-names';
import { watchGroups } from '../snapshot/watched';

/**
 * The group as the snapshot has it; one that it lacks is looked for once on the masters (201), since it may be
 * younger than the last sweep. `DomainError` NOT_FOUND `group_not_found`, with the nearest name in `details` and the
 * brokers that did not answer in the hint; UNAVAILABLE or the first error when none answered.
 */
export async function findGroup(ctx: Ctx, name: string): Promise<SnapshotGroup> {
  const snapshot = ctx.snapshot();
  const groups = snapshot?.groups;
  const found = groups?.get(name);
  if (snapshot && found) {
    watchGroups(snapshot, [name], ctx.now());
    return found;
  }
  const { brokers, failures } = await brokersOf(ctx);
  const asked = requireSome(
    ctx,
    await askBrokers(brokers, (broker) =>
      ctx.client.call(GET_ALL_SUBSCRIPTIONGROUP_CONFIG, undefined, targetOf(ctx, broker)),
    ),
  );
  const configs = asked.items.flatMap(({ value }) => value.groups.filter(({ groupName }) => groupName === name));
  const config = configs[0];
  if (!config) {
    const silent = [...failures, ...asked.failures].map(({ broker }) => broker);
    throw groupNotFound(name, nearestName(name, groups?.keys() ?? []), silent);
  }
  return unsampled(
    name,
    configs.every(({ consumeEnable }) => consumeEnable),
    config.retryMaxTimes,
  );
}

/** As `findGroup`, for verbs on messages: what a deleted group left behind can still be read, redriven and purged. */
export async function requireGroupOrLetters(ctx: Ctx, name: string): Promise<void> {
  if (!ctx.snapshot()?.topics.has(DLQ_PREFIX + name)) await findGroup(ctx, name);
}

function groupNotFound(group: string, nearest: string | null, silent: readonly string[]): DomainError {
  const params = {
    group,
    nearest: nearest ?? '',
    hasNearest: nearest ? 'yes' : 'no',
    silent: [...new Set(silent)].join(', '),
    isSilent: silent.length > 0 ? 'yes' : 'no',
  };
  return new DomainError('NOT_FOUND', 'group_not_found', params, { nearest });
}

/** A group of which nothing is known yet but that it exists. */
function unsampled(name: string, consumeEnabled: boolean, retryMaxTimes: number | null): SnapshotGroup {
  const later = unknown<number>('not_sampled');
  return {
    name,
    system: isSystemGroup(name),
    mode: 'UNKNOWN',
    members: later,
    offlineSince: null,
    consumeEnabled,
    retryMaxTimes,
    topics: [],
    queues: [],
    queuesWithoutOffset: [],
    lag: later,
    partial: 'not_sampled',
    tape: tapeOf([]),
    retriesDue: later,
    retriesWaiting: later,
    nextRetryAt: null,
    deadLetters: later,
    lastDeadAt: null,
    status: 'UNKNOWN',
    rule: { key: 'not_all_known', params: {} },
  };
}
