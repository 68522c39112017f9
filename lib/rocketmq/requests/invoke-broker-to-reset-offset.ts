import { integerOf } from '../codec/fastjson-fields';
import { type MessageQueue, queueRowsOf } from '../codec/message-queue';
import { bodyObject, requireCount } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

export interface ResetOffsetInput {
  topic: string;
  group: string;
  queueId: number;
  /** Within [min, max]; the broker would also take max + 1 and skip a message. */
  offset: number;
}

/** Year 2100: with `isForce=false` a broker that ignores `queueId` and `offset` then moves nothing. */
const HARMLESS_TIMESTAMP = 4_102_444_800_000;

/**
 * Master. `topic`, `group`, `queueId`, `offset`, `timestamp`, `isForce`; body `ResetOffsetBody` `{"offsetTable":{{…}:7}}`: the new offsets.
 * Works with `useServerSideResetOffset=true` only (default since 5.2.0; read it with 26 right before). With `false` the broker ignores `queueId`
 * and `offset` and moves every queue to `timestamp`, so the timestamp is always the harmless one. Errors: 26 unknown group, 17 unknown topic,
 * 1 out of range or slave, 206 nobody online (`false`).
 */
export const INVOKE_BROKER_TO_RESET_OFFSET = defineRequest<
  ResetOffsetInput,
  { queues: (MessageQueue & { offset: number | null })[] },
  'WRITE'
>({
  name: 'INVOKE_BROKER_TO_RESET_OFFSET',
  code: 222,
  access: 'WRITE',
  encode: ({ topic, group, queueId, offset }) => ({
    fields: {
      topic,
      group,
      queueId: requireCount(queueId, 'queueId'),
      offset: requireCount(offset, 'offset'),
      timestamp: HARMLESS_TIMESTAMP,
      isForce: false,
    },
  }),
  decode: (reply) => {
    if (reply.body.length === 0) return { queues: [] };
    const { offsetTable } = bodyObject(reply, 'ResetOffsetBody');
    return {
      queues: queueRowsOf(offsetTable, 'ResetOffsetBody').map(([queue, offset]) => ({
        ...queue,
        offset: integerOf(offset),
      })),
    };
  },
});
