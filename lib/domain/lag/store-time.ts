import { type Known, known, unknown } from '@/lib/contract/primitives';
import { PULL_MESSAGE } from '@/lib/rocketmq/requests/pull-message';
import type { Ctx } from '../ctx';
import type { live } from '../snapshot/live-brokers';
import type { Sample, Snapshot } from '../snapshot/snapshot';

export interface UnreadPlace {
  topic: string;
  broker: string;
  queueId: number;
  committedOffset: number;
  minOffset: number;
}

/** Of `Snapshot.storeTimes`: a message of a queue. */
export const storeTimeKey = (broker: string, topic: string, queueId: number | undefined, offset: number): string =>
  `${broker} ${topic} ${queueId} ${offset}`;

/** Holes, such as compacted or half-deleted entries, that are stepped over before giving up. */
const STEPS = 3;

/**
 * Store time, epoch ms, of the oldest message the group has not read: one PULL of one message at its offset,
 * as TOOLS_CONSUMER. Unknown, never an error, when it cannot be read.
 */
export async function readUnreadStoredAt(
  ctx: Ctx,
  snapshot: Snapshot,
  place: UnreadPlace,
  within: ReturnType<typeof live>,
): Promise<Known<number>> {
  const { topic, broker, queueId } = place;
  let offset = Math.max(place.committedOffset, place.minOffset);
  const key = storeTimeKey(broker, topic, queueId, offset);
  const kept = snapshot.storeTimes.get(key);
  if (kept !== undefined) return known(kept, snapshot.asOf);
  try {
    for (let step = 0; step < STEPS; step++) {
      const input = { topic, queueId, queueOffset: offset, maxMsgNums: 1 };
      const { status, messages, nextBeginOffset } = await ctx.client.call(PULL_MESSAGE, input, { broker, ...within });
      const storedAt = messages[0]?.storedAt;
      if (storedAt !== undefined) {
        snapshot.storeTimes.set(key, storedAt);
        return known(storedAt, ctx.now());
      }
      if (status === 'END' || status === 'NO_TOPIC' || nextBeginOffset <= offset) return unknown('expired');
      offset = nextBeginOffset;
    }
  } catch {
    return unknown('not_read');
  }
  return unknown('expired');
}

/**
 * When the message at `offset` was stored, by interpolation between samples of the queue's end (after
 * kafka-lag-exporter). Null when the samples are too few, or the queue stood still.
 */
export function estimateStoredAt(samples: readonly Sample[], offset: number): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.max === first.max || offset > last.max) return null;
  for (let index = samples.length - 1; index > 0; index--) {
    const [left, right] = [samples[index - 1], samples[index]];
    if (left && right && left.max <= offset && offset <= right.max && left.max < right.max)
      return between(left, right, offset);
  }
  return between(first, last, offset);
}

function between(left: Sample, right: Sample, offset: number): number {
  return Math.round(right.at - ((right.max - offset) * (right.at - left.at)) / (right.max - left.max));
}
