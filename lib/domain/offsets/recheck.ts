import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { staleness } from './arithmetic';
import { groupClients } from './group-clients';
import { queueKey, readPosition } from './read-queue';
import type { ResetInput, ResetInputQueue } from './reset-input';
import { topicQueues } from './route';
import { takesExplicitOffsets } from './server-side';

/** Throws PLAN_STALE with the first difference that makes the plan another one than was confirmed (safety §5.9). */
export async function recheckReset(ctx: Ctx, input: ResetInput): Promise<void> {
  const { group, topic, queues } = input;
  const { queues: existing, missing } = await topicQueues(ctx, topic);
  const present = new Set(existing.map(queueKey));
  const isWhole = input.to.kind !== 'offsets' && input.to.kind !== 'undo';
  const gone = queues.filter((queue) => !present.has(queueKey(queue)));
  if (missing.length > 0) throw stale('broker_gone', { brokers: missing.map(({ broker }) => broker).join(', ') });
  if (gone.length > 0) throw stale('route_changed', { queues: gone.map(queueKey).join(', ') });
  if (isWhole && existing.length !== queues.length) throw stale('route_changed', { queues: String(existing.length) });
  await recheckClients(ctx, input);
  await Promise.all([...new Set(queues.map(({ broker }) => broker))].map((broker) => recheckPath(ctx, broker, queues)));
  await Promise.all(queues.map((queue) => recheckQueue(ctx, { group, topic }, queue, input.driftTolerance)));
}

/** A client that commits would overwrite what request 15 sets; and broadcast groups keep their offsets themselves. */
async function recheckClients(ctx: Ctx, { group, queues }: ResetInput): Promise<void> {
  const clients = await groupClients(ctx, group);
  if (clients.isBroadcast) throw stale('broadcast', {});
  if (clients.members !== 0 && queues.some(({ path }) => path === 'offset')) throw stale('came_online', { group });
}

async function recheckPath(ctx: Ctx, broker: string, queues: readonly ResetInputQueue[]): Promise<void> {
  const path = queues.find((queue) => queue.broker === broker)?.path;
  if ((await takesExplicitOffsets(ctx, broker)) !== (path === 'server')) throw stale('path_changed', { broker });
}

async function recheckQueue(
  ctx: Ctx,
  names: { group: string; topic: string },
  queue: ResetInputQueue,
  tolerance: number,
): Promise<void> {
  const present = await readPosition(ctx, names, queue);
  const reason = staleness(queue, present, tolerance);
  if (!reason) return;
  throw stale(reason, {
    queue: queueKey(queue),
    planned: queue.committedOffset ?? -1,
    present: present.committedOffset ?? -1,
    target: queue.targetOffset,
    minOffset: present.minOffset,
    maxOffset: present.maxOffset,
    tolerance,
  });
}

const stale = (reason: string, params: Record<string, string | number>) =>
  new DomainError('PLAN_STALE', `stale_${reason}`, params, { reason, ...params });
