import type { Ctx } from '../ctx';
import { DomainError } from '../errors';

/** The topic that was named, or the only one the group consumes. INVALID `topic_needed`, which names the choices. */
export function topicOf(ctx: Ctx, group: string, topic: string | undefined): string {
  if (topic !== undefined) return topic;
  const topics = ctx.snapshot()?.groups.get(group)?.topics ?? [];
  const [only, ...others] = topics;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined) throw new DomainError('INVALID', 'topic_needed_none', { group });
  throw new DomainError('INVALID', 'topic_needed', { group, topics: [...topics].sort().join(', ') }, { topics });
}
