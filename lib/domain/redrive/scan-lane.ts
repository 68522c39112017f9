import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { Ctx } from '../ctx';
import { type QueueRef, readBounds, readQueue } from '../messages/read-queue';

export interface Copy {
  k: number;
  offsetMsgId: string;
  queueOffset: number;
}
export interface LaneScan {
  /** First copies by item number: one that was redelivered by the retry ladder is a failure, not a duplicate. */
  copies: Map<number, Copy[]>;
  /** The queue does not hold a copy at this offset, though everything from here on was read. */
  isMissingAt(queueOffset: number): boolean;
  /** Every record from the floor to the end was read, so that what was not found is not there. */
  isProof: boolean;
}

const RECORDS_AT_ONCE = 512;

/** Looks for the copies of an operation in one target queue from its floor on (safety §5.5 steps 8 and 9). */
export async function scanLane(ctx: Ctx, queue: QueueRef, floor: number, operationId: string): Promise<LaneScan> {
  const { minOffset, maxOffset } = await readBounds(ctx, queue);
  const copies = new Map<number, Copy[]>();
  // A queue that began again, or lost its head, has no proof to give about what was above the floor.
  const isSameQueue = minOffset <= floor && maxOffset >= floor;
  const first = maxOffset < floor ? minOffset : Math.max(floor, minOffset);
  let isWhole = true;
  for (let from = first; from < maxOffset; from += RECORDS_AT_ONCE) {
    const to = Math.min(maxOffset, from + RECORDS_AT_ONCE);
    const { messages, isComplete } = await readQueue(ctx, queue, from, to);
    if (!isComplete || messages.length < to - from) isWhole = false;
    for (const message of messages) collect(copies, message, operationId);
  }
  const isMissingAt = (queueOffset: number) => isWhole && queueOffset >= first;
  return { copies, isMissingAt, isProof: isWhole && isSameQueue };
}

function collect(copies: Map<number, Copy[]>, message: StoredMessage, operationId: string): void {
  const { RDX_OP, RDX_N, RDX_K } = message.properties;
  if (RDX_OP !== operationId || message.reconsumeTimes !== 0) return;
  const copy = { k: Number(RDX_K), offsetMsgId: message.offsetMessageId, queueOffset: message.queueOffset };
  copies.set(Number(RDX_N), [...(copies.get(Number(RDX_N)) ?? []), copy]);
}
