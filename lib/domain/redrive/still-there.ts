import { QUERY_CONSUME_QUEUE } from '@/lib/rocketmq/requests/query-consume-queue';
import { within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import type { LetterQueue } from '../dead-letters/queues';
import { DLQ_PREFIX } from '../snapshot/system-names';

export interface QueuePlace {
  broker: string;
  queueId: number;
  queueOffset: number;
  physicalOffset: number;
}
/** `other`: the offset holds another message, so the queue was deleted and began again. */
export type Presence = 'there' | 'expired' | 'other';

const ENTRIES_AT_ONCE = 1000;

/**
 * Whether letters still stand in their queue where they were seen. A record can be read by its position (33) long after
 * its queue was deleted, and queue offsets start again at 0 afterwards, so both are compared (safety F26).
 */
export async function stillThere(
  ctx: Ctx,
  group: string,
  queues: readonly LetterQueue[],
  places: readonly QueuePlace[],
): Promise<(place: QueuePlace) => Presence> {
  const positions = new Map<string, number>();
  const topic = DLQ_PREFIX + group;
  for (const { broker, queueId, minOffset, maxOffset } of queues) {
    const wanted = places
      .filter((place) => place.broker === broker && place.queueId === queueId)
      .map(({ queueOffset }) => queueOffset)
      .filter((offset) => offset >= minOffset && offset < maxOffset)
      .sort((a, b) => a - b);
    for (let at = 0; at < wanted.length; ) {
      const index = wanted[at] as number;
      const last = wanted.findLast((offset) => offset < index + ENTRIES_AT_ONCE) as number;
      const input = { topic, queueId, index, count: last - index + 1 };
      const { entries } = await ctx.client.call(QUERY_CONSUME_QUEUE, input, { broker, ...within(ctx) });
      for (const { queueOffset, physicalOffset } of entries)
        positions.set(`${broker} ${queueId} ${queueOffset}`, physicalOffset);
      at = wanted.indexOf(last) + 1;
    }
  }
  return ({ broker, queueId, queueOffset, physicalOffset }) => {
    const queue = queues.find((each) => each.broker === broker && each.queueId === queueId);
    if (!queue || queueOffset >= queue.maxOffset) return 'other';
    if (queueOffset < queue.minOffset) return 'expired';
    return positions.get(`${broker} ${queueId} ${queueOffset}`) === physicalOffset ? 'there' : 'other';
  };
}
