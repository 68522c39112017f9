import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { GET_ROUTEINFO_BY_TOPIC } from '@/lib/rocketmq/requests/get-routeinfo-by-topic';
import { within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { DLQ_PREFIX, RETRY_PREFIX } from '../snapshot/system-names';

/**
 * Makes sure that a group exists, or has left dead letters: by the snapshot, else by one look-up of its retry topic at
 * a NameServer. NOT_FOUND otherwise.
 */
export async function requireGroup(ctx: Ctx, group: string): Promise<void> {
  const snapshot = ctx.snapshot();
  if (snapshot?.groups.has(group) || snapshot?.topics.has(DLQ_PREFIX + group)) return;
  const route = await lookUp(ctx, RETRY_PREFIX + group);
  if (route === null) throw new DomainError('NOT_FOUND', 'unknown_group', { name: group });
}

async function lookUp(ctx: Ctx, topic: string) {
  try {
    return await ctx.client.callNameServer(GET_ROUTEINFO_BY_TOPIC, { topic }, within(ctx));
  } catch (error) {
    // Not being able to look it up says nothing about the group: what can be read is shown.
    if (error instanceof RocketMQError || error instanceof RemotingError) return undefined;
    throw error;
  }
}
