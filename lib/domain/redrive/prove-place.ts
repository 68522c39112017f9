import { parseMessageId } from '@/lib/rocketmq/codec/message-id';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { VIEW_MESSAGE_BY_ID } from '@/lib/rocketmq/requests/view-message-by-id';
import type { Ctx } from '../ctx';
import { callWithin, laneKey, type RedriveRun } from './run-context';
import type { Sent } from './send-window';

export type Place = 'meant' | 'diverted' | 'missing' | 'unknown';

/** Where a stored copy really lies (request 33): a broker may divert to the dead-letter queue and answer SUCCESS. */
export async function placeOfCopy(ctx: Ctx, broker: string, topic: string, offsetMsgId: string | null): Promise<Place> {
  const id = parseMessageId(offsetMsgId ?? '');
  if (id.kind !== 'offset') return 'unknown';
  try {
    const input = { physicalOffset: id.physicalOffset };
    const record = await ctx.client.call(VIEW_MESSAGE_BY_ID, input, { broker, ...callWithin(ctx) });
    if (!record) return 'missing';
    return record.topic === topic ? 'meant' : 'diverted';
  } catch (error) {
    if (error instanceof RemotingError || error instanceof RocketMQError) return 'unknown';
    throw error;
  }
}

/**
 * Looks where the first copy of each lane went, and where it went astray, at all of the lane. Diverted copies are dead
 * letters again: nothing reached the group. True when there are any.
 */
export async function rejectDiverted(run: RedriveRun, sent: readonly Sent[]): Promise<boolean> {
  const stored = sent.filter(({ outcome }) => outcome.state === 'CONFIRMED' || outcome.state === 'STORED_UNCERTAIN');
  let isDiverted = false;
  for (const key of new Set(stored.map(({ letter }) => laneKey(letter.to)))) {
    for (const { n, letter, outcome } of stored.filter((each) => laneKey(each.letter.to) === key)) {
      const place = await placeOfCopy(run.ctx, letter.to.broker, letter.to.topic, outcome.offsetMsgId);
      if (place !== 'diverted') break;
      isDiverted = true;
      await run.ctx.store.items
        .update(run.operation.id, n, { state: 'REJECTED', terminalReason: 'diverted' })
        .execute();
    }
  }
  return isDiverted;
}
