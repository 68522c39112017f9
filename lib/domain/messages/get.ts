import type { MessageDetail } from '@/lib/contract/messages';
import { isReservedProperty } from '@/lib/rocketmq/codec/message-properties';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { recordBodyRead } from '../audit/record';
import type { Ctx } from '../ctx';
import { firstDeathOf } from '../dead-letters/first-death';
import { DomainError } from '../errors';
import { maskRecord, maskRow } from '../masking/apply';
import { type Mask, maskOfRecord, toldAs } from '../masking/mask';
import { isUnderRule } from '../masking/rule';
import { isPermitted } from '../permission';
import { maskedBody, viewBody } from './body-view';
import { originTopicOf, saidOriginOf } from './origin-topic';
import { parseRecordId } from './record-id';
import { rowOf } from './row';
import { viewRecord } from './view-record';

/**
 * One stored record by its place. The broker is looked up by name in the topology: no address inside an id is dialled.
 * NOT_FOUND for a broker that is not registered, a place where no record begins, and a record of a topic that the actor
 * may not know of. What he may not read of it is masked.
 */
export async function getMessage(ctx: Ctx, { id }: { id: string }): Promise<MessageDetail> {
  const { broker, record, mask } = await requireRecord(ctx, id);
  if (!mask?.body) await recordRead(ctx, record);
  return { ...detailOf(broker, record, mask), firstDiedAt: await firstDeathOf(ctx, record) };
}

export const recordRead = (ctx: Ctx, record: StoredMessage): Promise<void> =>
  recordBodyRead(ctx, {
    topic: record.topic,
    count: 1,
    isMasked: [originTopicOf(record), saidOriginOf(record)].some((topic) => isUnderRule(ctx, topic)),
  });

/** With what of it is hidden from the actor. */
export async function requireRecord(
  ctx: Ctx,
  id: string,
): Promise<{ broker: string; record: StoredMessage; mask: Mask | null }> {
  const place = parseRecordId(id);
  const { brokers } = await ctx.client.topology.get({ deadlineAt: ctx.deadlineAt, signal: ctx.signal });
  const record = place && brokers.some(({ name }) => name === place.broker) ? await viewRecord(ctx, place) : null;
  // What lies there decides, not what was asked for.
  const mayKnow = record && isPermitted(ctx.actor, 'metadata:read', { cluster: ctx.cluster, topic: record.topic });
  if (!place || !record || !mayKnow) throw new DomainError('NOT_FOUND', 'no_such_record', { id });
  return { broker: place.broker, record, mask: maskOfRecord(ctx, record) };
}

export function detailOf(
  broker: string,
  stored: StoredMessage,
  mask: Mask | null = null,
): Omit<MessageDetail, 'firstDiedAt'> {
  const { cause: _, bodyBytes: __, ...row } = maskRow(rowOf(broker, stored), mask);
  const { record, parts } = mask ? maskRecord(stored, mask) : { record: stored, parts: [] };
  return {
    ...row,
    masked: mask && toldAs(mask, parts),
    physicalOffset: record.physicalOffset,
    offsetMessageId: record.offsetMessageId,
    bornHost: record.bornHost,
    storeHost: record.storeHost,
    originMessageId: record.properties.ORIGIN_MESSAGE_ID || record.properties.DLQ_ORIGIN_MESSAGE_ID || null,
    properties: { ...record.properties },
    systemProperties: Object.keys(record.properties).filter(isReservedProperty),
    crcOk: record.crcOk,
    body: parts.includes('body') ? maskedBody(stored) : viewBody(record),
  };
}
