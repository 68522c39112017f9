import { GET_ROUTEINFO_BY_TOPIC } from '@/lib/rocketmq/requests/get-routeinfo-by-topic';
import { within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { isSystemGroup, RETRY_PREFIX } from '../snapshot/system-names';

/** By the snapshot, else by one look-up. NOT_FOUND `unknown_group`, INVALID `system_group`. */
export async function requireResettableGroup(ctx: Ctx, group: string): Promise<void> {
  if (isSystemGroup(group)) throw new DomainError('INVALID', 'system_group', { name: group });
  if (ctx.snapshot()?.groups.has(group)) return;
  const route = await ctx.client.callNameServer(GET_ROUTEINFO_BY_TOPIC, { topic: RETRY_PREFIX + group }, within(ctx));
  if (!route) throw new DomainError('NOT_FOUND', 'unknown_group', { name: group });
}

/** The topic that was named, or the only one the group consumes. INVALID `topic_needed`, which names the choices. */
export function topicOf(ctx: Ctx, group: string, topic: string | undefined): string {
  if (topic !== undefined) return topic;
  const topics = ctx.snapshot()?.groups.get(group)?.topics ?? [];
  const [only, ...others] = topics;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined) throw new DomainError('INVALID', 'topic_needed_none', { group });
  throw new DomainError('INVALID', 'topic_needed', { group, topics: [...topics].sort().join(', ') }, { topics });
}
