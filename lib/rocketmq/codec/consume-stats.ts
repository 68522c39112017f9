import type { FastjsonValue } from './fastjson';
import { doubleOf, integerOf, requireInteger, requireObject } from './fastjson-fields';
import { type MessageQueue, queueRowsOf } from './message-queue';
import { instantOf } from './reply-fields';

export interface QueueConsumeStats extends MessageQueue {
  brokerOffset: number;
  /** 0 also when the group has no offset (ask 43); null for a value beyond 2^53 that somebody wrote. */
  consumerOffset: number | null;
  /** Store time of the last consumed message, epoch ms. */
  lastConsumedAt: number | null;
}
export interface ConsumeStats {
  consumeTps: number | null;
  queues: QueueConsumeStats[];
}

/** `ConsumeStats` with its `OffsetWrapper` rows. */
export function consumeStatsOf(value: FastjsonValue): ConsumeStats {
  const stats = requireObject(value, 'ConsumeStats');
  return {
    consumeTps: doubleOf(stats.consumeTps),
    queues: queueRowsOf(stats.offsetTable, 'ConsumeStats').map(([queue, value]) => {
      const row = requireObject(value, 'OffsetWrapper');
      return {
        ...queue,
        brokerOffset: requireInteger(row, 'brokerOffset', 'OffsetWrapper'),
        consumerOffset: integerOf(row.consumerOffset),
        lastConsumedAt: instantOf(row.lastTimestamp),
      };
    }),
  };
}
