import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { VIEW_MESSAGE_BY_ID } from '@/lib/rocketmq/requests/view-message-by-id';
import { targetOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import type { RecordPlace } from './record-id';

/** The record at a commit log position (request 33), or null when none begins there. Checks no topic permission. */
export function viewRecord(ctx: Ctx, { broker, physicalOffset }: RecordPlace): Promise<StoredMessage | null> {
  return ctx.client.call(VIEW_MESSAGE_BY_ID, { physicalOffset }, targetOf(ctx, broker));
}
