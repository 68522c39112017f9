import { arrayOf, integerOf, requireInteger, requireObject } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

export interface QueryConsumeQueueInput {
  topic: string;
  queueId: number;
  /** First queue offset wanted. */
  index: number;
  /** At most 1000 go to the broker, which knows no limit of its own. */
  count: number;
}
export interface ConsumeQueueEntries {
  minQueueOffset: number | null;
  maxQueueOffset: number | null;
  entries: {
    queueOffset: number;
    physicalOffset: number;
    sizeBytes: number;
    /** Java hash of the tag; in SCHEDULE_TOPIC_XXXX the due time, epoch ms. */
    tagsCode: number | null;
  }[];
}

const MAX_COUNT = 1000;

/**
 * Any replica; works without read permission. `topic`, `queueId`, `index`, `count`; body `QueryConsumeQueueResponseBody`:
 * `{"maxQueueIndex":6,"minQueueIndex":0,"queueData":[{"physicOffset":123456,"physicSize":178,"tagsCode":2598919}]}`.
 * An index outside the queue is code 0 without a body: no entries.
 */
export const QUERY_CONSUME_QUEUE = defineRequest<QueryConsumeQueueInput, ConsumeQueueEntries, 'READ'>({
  name: 'QUERY_CONSUME_QUEUE',
  code: 321,
  access: 'READ',
  encode: ({ topic, queueId, index, count }) => ({
    fields: { topic, queueId, index, count: Math.min(count, MAX_COUNT) },
  }),
  decode: (reply, { index }) => {
    if (reply.body.length === 0) return { minQueueOffset: null, maxQueueOffset: null, entries: [] };
    const body = bodyObject(reply, 'QueryConsumeQueueResponseBody');
    return {
      minQueueOffset: integerOf(body.minQueueIndex),
      maxQueueOffset: integerOf(body.maxQueueIndex),
      entries: arrayOf(body.queueData).map((value, position) => {
        const entry = requireObject(value, 'ConsumeQueueData');
        return {
          queueOffset: index + position,
          physicalOffset: requireInteger(entry, 'physicOffset', 'ConsumeQueueData'),
          sizeBytes: requireInteger(entry, 'physicSize', 'ConsumeQueueData'),
          tagsCode: integerOf(entry.tagsCode),
        };
      }),
    };
  },
});
