import type { ResetQueue } from '@/lib/store/reset-queues';

/** What the journal keeps about a queue besides its columns; `key` is a text under `reset_result.`. */
export interface QueueResult {
  key?: string;
  /** What the broker said. */
  remark?: string;
  /** Of a refusal of who asks, see `refusalParams`. */
  refusal?: Record<string, string>;
  /** When the offset was seen at its target, epoch ms. */
  seenAtTargetAt?: number;
  /** When a client was seen to have taken it up, and when the offset first moved on. */
  pickedUpAt?: number;
  movingAt?: number;
}

export const queueResult = (row: Pick<ResetQueue, 'result'>): QueueResult =>
  row.result === null ? {} : (JSON.parse(row.result) as QueueResult);
