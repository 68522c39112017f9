import { unknown } from '@/lib/contract/primitives';
import { GET_ALL_SUBSCRIPTIONGROUP_CONFIG } from '@/lib/rocketmq/requests/get-all-subscriptiongroup-config';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { tapeOf } from '../lag/evaluate';
import { askLive, live } from '../snapshot/live-brokers';
import { nearestName } from '../snapshot/nearest-name';
import type { Snapshot, SnapshotGroup } from '../snapshot/snapshot';
import { isSystemGroup } from '../snapshot/system-names';

/**
 * The group as the snapshot has it; one that it lacks is looked for once on the masters (201), since it may be
 * younger than the last sweep. `DomainError` NOT_FOUND `group_not_found`, with the nearest name in `details`.
 */
export async function findGroup(ctx: Ctx, snapshot: Snapshot, name: string): Promise<SnapshotGroup> {
  const found = snapshot.groups.get(name);
  if (found) return found;
  const within = live(ctx);
  const { answers } = await askLive(ctx, snapshot, ({ name: broker }) =>
    ctx.client.call(GET_ALL_SUBSCRIPTIONGROUP_CONFIG, undefined, { broker, ...within }),
  );
  const configs = [...answers.values()].flatMap(({ groups }) => groups.filter(({ groupName }) => groupName === name));
  const config = configs[0];
  if (!config) {
    const nearest = nearestName(name, snapshot.groups.keys());
    const params = { group: name, nearest: nearest ?? '', hasNearest: nearest ? 'yes' : 'no' };
    throw new DomainError('NOT_FOUND', 'group_not_found', params, { nearest });
  }
  return unsampled(
    name,
    configs.every(({ consumeEnable }) => consumeEnable),
    config.retryMaxTimes,
  );
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
