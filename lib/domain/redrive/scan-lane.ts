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

/** Looks for the copies of some items of an operation in one target queue from its floor on (safety §5.5 steps 8 and 9). */
export async function scanLane(
  ctx: Ctx,
  queue: QueueRef,
  floor: number,
  operationId: string,
  wanted: ReadonlySet<number>,
): Promise<LaneScan> {
  const copies = new Map<number, Copy[]>();
  const extent = await eachCopy(ctx, queue, floor, operationId, (n, copy) => {
    if (wanted.has(n)) copies.set(n, [...(copies.get(n) ?? []), copy]);
  });
  return { copies, ...extent };
}

/** Tells `see` of every first copy of an operation in one queue from its floor on. */
export async function eachCopy(
  ctx: Ctx,
  queue: QueueRef,
  floor: number,
  operationId: string,
  see: (n: number, copy: Copy) => void,
): Promise<Pick<LaneScan, 'isMissingAt' | 'isProof'>> {
  const { minOffset, maxOffset } = await readBounds(ctx, queue);
  // A queue that began again, or lost its head, has no proof to give about what was above the floor.
  const isSameQueue = minOffset <= floor && maxOffset >= floor;
  const first = maxOffset < floor ? minOffset : Math.max(floor, minOffset);
  let isWhole = true;
  for (let from = first; from < maxOffset; from += RECORDS_AT_ONCE) {
    const to = Math.min(maxOffset, from + RECORDS_AT_ONCE);
    const { messages, isComplete } = await readQueue(ctx, queue, from, to);
    if (!isComplete || messages.length < to - from) isWhole = false;
    for (const { properties, reconsumeTimes, offsetMessageId, queueOffset } of messages) {
      const { RDX_OP, RDX_N, RDX_K } = properties;
      if (RDX_OP !== operationId || reconsumeTimes !== 0) continue;
      see(Number(RDX_N), { k: Number(RDX_K), offsetMsgId: offsetMessageId, queueOffset });
    }
  }
  const isMissingAt = (queueOffset: number) => isWhole && queueOffset >= first;
  return { isMissingAt, isProof: isWhole && isSameQueue };
}
