import { parseMessageId } from '@/lib/rocketmq/codec/message-id';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { Ctx } from '../ctx';
import { originTopicOf } from '../messages/origin-topic';
import { viewRecord } from '../messages/view-record';
import type { Letter } from '../redrive/selection';

/**
 * The record to hand to the client. With the letter a listener sees `%DLQ%group` as the topic, and one that looks at the topic does
 * something else than it did; the first record of the message, while it is stored on the same broker, is what it failed on.
 */
export async function sourceOf(ctx: Ctx, { broker, record }: Letter, group: string): Promise<StoredMessage> {
  const { ORIGIN_MESSAGE_ID, DLQ_ORIGIN_MESSAGE_ID } = record.properties;
  const parsed = parseMessageId(ORIGIN_MESSAGE_ID || DLQ_ORIGIN_MESSAGE_ID || '');
  if (parsed.kind !== 'offset') return record;
  const first = await viewRecord(ctx, { broker, physicalOffset: parsed.physicalOffset });
  return first && isSame(first, record) && first.topic === originTopicOf(record, group) ? first : record;
}

/** The broker returns whatever lies at a position, so it has to prove that it is the same message. */
const isSame = (first: StoredMessage, letter: StoredMessage): boolean =>
  (first.properties.UNIQ_KEY ?? '') === (letter.properties.UNIQ_KEY ?? '') &&
  first.storedBody.equals(letter.storedBody) &&
  first.bornAt === letter.bornAt;
