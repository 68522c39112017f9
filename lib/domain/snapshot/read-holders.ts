import { isKnown } from '@/lib/contract/primitives';
import { GET_CONSUMER_RUNNING_INFO } from '@/lib/rocketmq/requests/get-consumer-running-info';
import type { Ctx } from '../ctx';
import type { BrokerFacts } from './broker-facts';
import { heldKey } from './group-rows';
import type { GroupHolders, SnapshotGroup } from './snapshot';

/** A client is asked again after this long, and never more of them at once: each answer is work for the client. */
const KEPT_MS = 30_000;
const GROUPS_PER_SWEEP = 5;
const CLIENTS_PER_GROUP = 16;
const PATIENCE_MS = 1000;

/**
 * For online groups with a queue that stands still: does a member hold it (307)? That tells STALLED from
 * STOPPED. Groups that move again are forgotten.
 */
export async function readHolders(
  ctx: Ctx,
  groups: ReadonlyMap<string, SnapshotGroup>,
  facts: readonly BrokerFacts[],
  previous: ReadonlyMap<string, GroupHolders> = new Map(),
): Promise<Map<string, GroupHolders>> {
  const holders = new Map<string, GroupHolders>();
  const wanted: string[] = [];
  for (const group of groups.values()) {
    const isOnline = isKnown(group.members) && group.members.value > 0;
    if (group.system || !isOnline || !group.queues.some(({ status }) => status === 'STALLED' || status === 'STOPPED'))
      continue;
    const before = previous.get(group.name);
    if (before) holders.set(group.name, before);
    if (!before || ctx.now() - before.at >= KEPT_MS) wanted.push(group.name);
  }
  await Promise.all(
    wanted.slice(0, GROUPS_PER_SWEEP).map(async (group) => {
      holders.set(group, { at: ctx.now(), held: await heldQueues(ctx, group, facts) });
    }),
  );
  return holders;
}

async function heldQueues(ctx: Ctx, group: string, facts: readonly BrokerFacts[]): Promise<Set<string> | null> {
  const brokerOf = new Map<string, string>();
  for (const { broker, connections } of facts) {
    const connected = connections.get(group);
    for (const id of connected && isKnown(connected) ? connected.value.clientIds : []) brokerOf.set(id, broker);
  }
  if (brokerOf.size === 0 || brokerOf.size > CLIENTS_PER_GROUP) return null;
  const deadlineAt = Math.min(ctx.deadlineAt, ctx.now() + PATIENCE_MS);
  const held = new Set<string>();
  try {
    await Promise.all(
      [...brokerOf].map(async ([clientId, broker]) => {
        const input = { consumerGroup: group, clientId };
        const { queues, popQueues } = await ctx.client.call(GET_CONSUMER_RUNNING_INFO, input, {
          broker,
          deadlineAt,
          signal: ctx.signal,
        });
        for (const { topic, brokerName, queueId, isDropped } of [...queues, ...popQueues]) {
          if (!isDropped) held.add(heldKey({ topic, broker: brokerName, queueId }));
        }
      }),
    );
    return held;
  } catch {
    return null;
  }
}
