import type { MessageDetail } from '@/lib/contract/messages';
import { isReservedProperty } from '@/lib/rocketmq/codec/message-properties';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { recordBodyRead } from '../audit/record';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { isPermitted } from '../permission';
import { viewBody } from './body-view';
import { parseRecordId } from './record-id';
import { rowOf } from './row';
import { viewRecord } from './view-record';

/**
 * One stored record by its place. The broker is looked up by name in the topology: no address inside an id is dialled.
 * NOT_FOUND for a broker that is not registered, a place where no record begins, and a record of a topic whose messages
 * the actor may not read.
 */
export async function getMessage(ctx: Ctx, { id }: { id: string }): Promise<MessageDetail> {
  const { broker, record } = await requireRecord(ctx, id);
  await recordBodyRead(ctx, { topic: record.topic, count: 1, isMasked: false });
  return detailOf(broker, record);
}

export async function requireRecord(ctx: Ctx, id: string): Promise<{ broker: string; record: StoredMessage }> {
  const place = parseRecordId(id);
  const { brokers } = await ctx.client.topology.get({ deadlineAt: ctx.deadlineAt, signal: ctx.signal });
  const record = place && brokers.some(({ name }) => name === place.broker) ? await viewRecord(ctx, place) : null;
  // What lies there decides, not what was asked for.
  const mayRead = record && isPermitted(ctx.actor, 'message:body:read', { cluster: ctx.cluster, topic: record.topic });
  if (!place || !record || !mayRead) throw new DomainError('NOT_FOUND', 'no_such_record', { id });
  return { broker: place.broker, record };
}

export function detailOf(broker: string, record: StoredMessage): MessageDetail {
  const { cause: _, bodyBytes: __, ...row } = rowOf(broker, record);
  return {
    ...row,
    physicalOffset: record.physicalOffset,
    offsetMessageId: record.offsetMessageId,
    bornHost: record.bornHost,
    storeHost: record.storeHost,
    originMessageId: record.properties.ORIGIN_MESSAGE_ID || record.properties.DLQ_ORIGIN_MESSAGE_ID || null,
    properties: { ...record.properties },
    systemProperties: Object.keys(record.properties).filter(isReservedProperty),
    crcOk: record.crcOk,
    body: viewBody(record),
  };
}
