import { entriesOf, integerOf } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

export interface StoredConsumerOffset {
  topic: string;
  group: string;
  /** Broadcast groups of 5.x store the offset of their slowest client. */
  isBroadcast: boolean;
  queueId: number;
  /** As somebody wrote it: may be negative or ahead of the queue; null beyond 2^53. */
  offset: number | null;
}

/**
 * Any replica. No fields; body `ConsumerOffsetSerializeWrapper`: `{"offsetTable":{"T@g1":{0:5,1:6},"T@g2@broadcast":{0:1}}}`.
 * Request 15 validates next to nothing, so queues that do not exist appear too. Keys that are not `topic@group` are skipped.
 */
export const GET_ALL_CONSUMER_OFFSET = defineRequest<void, { offsets: StoredConsumerOffset[] }, 'READ'>({
  name: 'GET_ALL_CONSUMER_OFFSET',
  code: 43,
  access: 'READ',
  encode: () => ({}),
  decode: (reply) => {
    const offsets: StoredConsumerOffset[] = [];
    for (const [key, table] of entriesOf(bodyObject(reply, 'ConsumerOffsetSerializeWrapper').offsetTable)) {
      const [topic, group, suffix] = String(key).split('@');
      if (!topic || !group) continue;
      for (const [queue, offset] of entriesOf(table)) {
        const queueId = integerOf(String(queue));
        if (queueId === null) continue;
        offsets.push({ topic, group, isBroadcast: suffix === 'broadcast', queueId, offset: integerOf(offset) });
      }
    }
    return { offsets };
  },
});
