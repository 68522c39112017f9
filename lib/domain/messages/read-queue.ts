import type { BriefRecord } from '@/lib/rocketmq/codec/brief-record';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { RocketMQError } from '@/lib/rocketmq/errors';
import { GET_MAX_OFFSET } from '@/lib/rocketmq/requests/get-max-offset';
import { GET_MIN_OFFSET } from '@/lib/rocketmq/requests/get-min-offset';
import { PULL_MESSAGE, type PullRequest } from '@/lib/rocketmq/requests/pull-message';
import { QUERY_CONSUME_QUEUE } from '@/lib/rocketmq/requests/query-consume-queue';
import { targetOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { viewRecord } from './view-record';

export interface QueueRef {
  broker: string;
  topic: string;
  queueId: number;
}
export interface QueueRecords<Message = StoredMessage> {
  /** In queue order. */
  messages: Message[];
  /** Records that could not be decoded; those behind them are not lost. */
  damaged: number;
  /** False when the deadline came first. */
  isComplete: boolean;
}

const NO_PERMISSION = 16;
// Old brokers create dead-letter queues that cannot be pulled; single records are then fetched by position.
const VIEWS_AT_ONCE = 8;

/** First offset still there and one past the last; 0 and 0 for a queue that does not exist. */
export async function readBounds(ctx: Ctx, { broker, topic, queueId }: QueueRef) {
  const target = targetOf(ctx, broker);
  const [minOffset, maxOffset] = await Promise.all([
    ctx.client.call(GET_MIN_OFFSET, { topic, queueId }, target),
    ctx.client.call(GET_MAX_OFFSET, { topic, queueId }, target),
  ]);
  return { minOffset: Math.min(minOffset, maxOffset), maxOffset };
}

/**
 * Records with queue offsets in [from, to), pulled as the browse group: nothing is committed. A queue without read
 * permission, or one that came back without its topic, is read through its index (321) and by position (33).
 */
export const readQueue = (ctx: Ctx, queue: QueueRef, from: number, to: number): Promise<QueueRecords> =>
  readQueueAs(PULL_MESSAGE, ctx, queue, from, to);

/** The same with another reading of what is pulled: `pullBriefly`. */
export async function readQueueAs<Message extends BriefRecord>(
  request: PullRequest<Message>,
  ctx: Ctx,
  queue: QueueRef,
  from: number,
  to: number,
): Promise<QueueRecords<Message | StoredMessage>> {
  try {
    return await pull(request, ctx, queue, from, to);
  } catch (error) {
    if (error instanceof RocketMQError && error.code === NO_PERMISSION) return viewEach(ctx, queue, from, to);
    throw error;
  }
}

async function pull<Message extends BriefRecord>(
  request: PullRequest<Message>,
  ctx: Ctx,
  queue: QueueRef,
  from: number,
  to: number,
): Promise<QueueRecords<Message | StoredMessage>> {
  const { broker, topic, queueId } = queue;
  const messages: Message[] = [];
  let damaged = 0;
  for (let at = from; at < to; ) {
    if (messages.length > 0 && isLate(ctx)) return { messages, damaged, isComplete: false };
    const reply = await ctx.client.call(
      request,
      { topic, queueId, queueOffset: at, maxMsgNums: Math.min(32, to - at) },
      targetOf(ctx, broker),
    );
    messages.push(...reply.messages.filter(({ queueOffset }) => queueOffset >= from && queueOffset < to));
    damaged += reply.damaged.length;
    // The crash of a broker brings the queues of a deleted topic back, but not the topic.
    if (reply.status === 'NO_TOPIC' && messages.length === 0) return viewEach(ctx, queue, from, to);
    if (reply.status === 'END' || reply.status === 'NO_TOPIC' || reply.nextBeginOffset <= at) break;
    at = reply.nextBeginOffset;
  }
  return { messages, damaged, isComplete: true };
}

async function viewEach(ctx: Ctx, queue: QueueRef, from: number, to: number): Promise<QueueRecords> {
  const { broker, topic, queueId } = queue;
  const messages: StoredMessage[] = [];
  let damaged = 0;
  const input = { topic, queueId, index: from, count: to - from };
  const { entries } = await ctx.client.call(QUERY_CONSUME_QUEUE, input, targetOf(ctx, broker));
  const wanted = entries.filter(({ queueOffset }) => queueOffset < to);
  for (let first = 0; first < wanted.length; first += VIEWS_AT_ONCE) {
    if (messages.length > 0 && isLate(ctx)) return { messages, damaged, isComplete: false };
    const batch = wanted.slice(first, first + VIEWS_AT_ONCE);
    const records = await Promise.all(batch.map(({ physicalOffset }) => viewRecord(ctx, { broker, physicalOffset })));
    for (const record of records) {
      if (record?.topic === topic) messages.push(record);
      else damaged += 1;
    }
  }
  return { messages, damaged, isComplete: true };
}

/** Time enough has to be left to answer with what there is. */
const ANSWER_MS = 400;
export const isLate = (ctx: Pick<Ctx, 'now' | 'deadlineAt'>): boolean => ctx.now() > ctx.deadlineAt - ANSWER_MS;
