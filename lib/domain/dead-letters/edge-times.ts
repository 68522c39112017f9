import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';
import { readQueue } from '../messages/read-queue';
import { DLQ_PREFIX } from '../snapshot/system-names';
import type { LetterQueue } from './queues';

export interface Edge {
  storedAt: number;
  physicalOffset: number;
}

// A record at an offset never changes, only a purge puts another one there: hence the short life.
const CACHE_MS = 60_000;
const MAX_CACHED = 5000;

/** Time and place of the record at a queue offset of a group's dead letters, by one PULL a minute. */
export async function readEdge(
  ctx: Ctx,
  group: string,
  { broker, queueId, minOffset, maxOffset }: LetterQueue,
  which: 'oldest' | 'newest',
): Promise<Edge | null> {
  if (maxOffset <= minOffset) return null;
  const offset = which === 'oldest' ? minOffset : maxOffset - 1;
  const cache = memoryOf(ctx.client, 'edge-times', () => new Map<string, { edge: Edge | null; at: number }>());
  const key = `${broker} ${queueId} ${offset} ${group}`;
  const known = cache.get(key);
  if (known && ctx.now() - known.at < CACHE_MS) return known.edge;
  const edge = await readEdgeNow(ctx, group, { broker, queueId }, offset);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(key, { edge, at: ctx.now() });
  return edge;
}

/** The same for any offset, and as it is now. */
export async function readEdgeNow(
  ctx: Ctx,
  group: string,
  { broker, queueId }: Pick<LetterQueue, 'broker' | 'queueId'>,
  offset: number,
): Promise<Edge | null> {
  const { messages } = await readQueue(ctx, { broker, queueId, topic: DLQ_PREFIX + group }, offset, offset + 1);
  const record = messages[0];
  return record ? { storedAt: record.storedAt, physicalOffset: record.physicalOffset } : null;
}

/**
 * When retention may take the oldest, epoch ms: its store time plus the broker's `fileReservedTime`. An estimate, since
 * whole files go, at `deleteWhen`, and earlier on a full disk. Null when no broker tells its setting.
 */
export function expiryOf(
  ctx: Pick<Ctx, 'snapshot'>,
  oldest: readonly { broker: string; edge: Pick<Edge, 'storedAt'> | null }[],
) {
  const brokers = ctx.snapshot()?.brokers ?? [];
  const times = oldest.flatMap(({ broker, edge }) => {
    const keptMs = brokers.find(({ name }) => name === broker)?.retentionMs;
    return edge && keptMs != null ? [edge.storedAt + keptMs] : [];
  });
  return times.length > 0 ? Math.min(...times) : null;
}
