import { GET_MIN_OFFSET } from '@/lib/rocketmq/requests/get-min-offset';
import { within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { readQueue } from '../messages/read-queue';
import { DLQ_PREFIX } from '../snapshot/system-names';
import type { ArchivedLetter } from './archive-format';

export interface QueueRange {
  broker: string;
  queueId: number;
  /** First offset wanted, and one past the last. */
  from: number;
  to: number;
}

const RECORDS_AT_ONCE = 256;

/**
 * The dead letters of a group within ranges, in queue order. A record that cannot be read ends it with UNPROCESSABLE
 * `export_incomplete`, except one that retention has taken meanwhile.
 */
export async function* readRanges(
  ctx: Ctx,
  group: string,
  ranges: readonly QueueRange[],
): AsyncGenerator<ArchivedLetter> {
  const topic = DLQ_PREFIX + group;
  for (const { broker, queueId, from, to } of ranges) {
    for (let at = from; at < to; at += RECORDS_AT_ONCE) {
      const end = Math.min(to, at + RECORDS_AT_ONCE);
      const { messages, isComplete } = await readQueue(ctx, { broker, topic, queueId }, at, end);
      if (!isComplete || messages.length < end - at) {
        const minOffset = await ctx.client.call(GET_MIN_OFFSET, { topic, queueId }, { broker, ...within(ctx) });
        const wanted = end - Math.max(at, Math.min(minOffset, end));
        if (messages.length < wanted) {
          throw new DomainError('UNPROCESSABLE', 'export_incomplete', {
            broker,
            queueId,
            from: at,
            to: end,
            read: messages.length,
          });
        }
      }
      for (const record of messages) yield { broker, record };
    }
  }
}
