import type { ResetPlanInput, Warning } from '@/lib/contract/plans';
import { SEARCH_OFFSET_BY_TIMESTAMP } from '@/lib/rocketmq/requests/search-offset-by-timestamp';
import { within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { readBounds } from '../messages/read-queue';
import { clamp } from './arithmetic';
import { type QueueName, queueKey, readStoredAt } from './read-queue';

export interface Range {
  minOffset: number;
  maxOffset: number;
}
export interface Target {
  targetOffset: number;
  targetStoredAt: number | null;
  warnings: Warning[];
}
/** Explicit offsets asked for, by queue. */
export type Explicit = ReadonlyMap<string, number>;

const note = (key: string, params: Warning['params'] = {}): Warning => ({ key, severity: 'note', params });

/** Clocks of a cluster that is looked after do not differ by more (safety F27). */
const MOST_SKEW_MS = 30 * 60_000;

const future = (at: number) => new DomainError('INVALID', 'future_time', { at: new Date(at).toISOString() });

/** Throws INVALID for a time in the future whatever the clocks; needs no broker. */
export function checkTime(ctx: Ctx, to: ResetPlanInput['to']): void {
  if (to.kind === 'timestamp' && to.at > ctx.now() + MOST_SKEW_MS) throw future(to.at);
}

/** Throws INVALID for a time that neither our clock nor those of the brokers, which stamp the messages, have reached. */
export async function checkReached(
  ctx: Ctx,
  topic: string,
  queues: readonly QueueName[],
  to: ResetPlanInput['to'],
): Promise<void> {
  if (to.kind !== 'timestamp' || to.at <= ctx.now()) return;
  const asked = await Promise.allSettled(queues.map((queue) => newestStoredAt(ctx, topic, queue)));
  const times = asked.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  if (!times.some((storedAt) => storedAt >= to.at)) throw future(to.at);
}

async function newestStoredAt(ctx: Ctx, topic: string, queue: QueueName): Promise<number[]> {
  const { minOffset, maxOffset } = await readBounds(ctx, { ...queue, topic });
  const storedAt = maxOffset > minOffset ? await readStoredAt(ctx, topic, queue, maxOffset - 1) : null;
  return storedAt === null ? [] : [storedAt];
}

/** Throws INVALID unless the queues can be meant: none twice, none that does not exist. */
export function checkQueues(
  to: ResetPlanInput['to'],
  queues: readonly QueueName[],
  unreachable: readonly string[],
): Explicit | null {
  if (to.kind !== 'offsets') return null;
  const existing = new Set(queues.map(queueKey));
  const explicit = new Map<string, number>();
  for (const queue of to.queues) {
    const key = queueKey(queue);
    if (!existing.has(key) && !unreachable.includes(queue.broker))
      throw new DomainError('INVALID', 'unknown_queue', { queue: key });
    if (explicit.has(key)) throw new DomainError('INVALID', 'queue_twice', { queue: key });
    explicit.set(key, queue.offset);
  }
  return explicit;
}

/** Where one queue goes: an explicit offset within [min, max], with the store time of the message read first there. */
export async function targetOf(
  ctx: Ctx,
  topic: string,
  queue: QueueName,
  { minOffset, maxOffset }: Range,
  to: ResetPlanInput['to'],
  explicit: Explicit | null,
): Promise<Target> {
  const wanted = await wantedOffset(ctx, topic, queue, { minOffset, maxOffset }, to, explicit);
  let targetOffset = clamp(wanted, minOffset, maxOffset);
  let targetStoredAt = await storedAt(ctx, topic, queue, targetOffset, maxOffset);
  if (to.kind === 'timestamp' && targetStoredAt !== null && targetStoredAt < to.at && targetOffset === maxOffset - 1) {
    // Up to 5.1.0 a time after the last message finds that message; what is meant is the end.
    targetOffset = maxOffset;
    targetStoredAt = null;
  }
  const warnings: Warning[] = [];
  const isAtEnd = targetOffset === maxOffset;
  if (explicit && wanted !== targetOffset) warnings.push(note('clamped', { wanted, target: targetOffset }));
  if (to.kind === 'timestamp' && isAtEnd && maxOffset > 0) warnings.push(note('no_message_since'));
  if (to.kind === 'timestamp' && !isAtEnd && targetOffset === minOffset && minOffset > 0)
    warnings.push({ key: 'before_retained', severity: 'warning', params: { removed: minOffset } });
  return { targetOffset, targetStoredAt, warnings };
}

async function wantedOffset(
  ctx: Ctx,
  topic: string,
  queue: QueueName,
  { minOffset, maxOffset }: Range,
  to: ResetPlanInput['to'],
  explicit: Explicit | null,
): Promise<number> {
  if (to.kind === 'earliest') return minOffset;
  if (to.kind === 'latest') return maxOffset;
  if (to.kind !== 'timestamp') return explicit?.get(queueKey(queue)) ?? minOffset;
  if (maxOffset === minOffset) return maxOffset;
  const { broker, queueId } = queue;
  const input = { topic, queueId, at: to.at };
  return ctx.client.call(SEARCH_OFFSET_BY_TIMESTAMP, input, { broker, brokerId: 0, ...within(ctx) });
}

/** Null at the end of the queue, where there is no message yet. */
export function storedAt(ctx: Ctx, topic: string, queue: QueueName, offset: number, maxOffset: number) {
  return offset < maxOffset ? readStoredAt(ctx, topic, queue, offset) : Promise.resolve(null);
}
