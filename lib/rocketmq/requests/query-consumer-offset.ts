import { requireExtInteger } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

export interface QueueOfGroup {
  consumerGroup: string;
  topic: string;
  queueId: number;
}

/**
 * Master. `consumerGroup`, `topic`, `queueId`, `setZeroIfNotFound`; ext `offset`. 22: no offset stored, which is null. Without
 * `setZeroIfNotFound=false` a group that never consumed would read as 0; before 5.0 it still may.
 */
export const QUERY_CONSUMER_OFFSET = defineRequest<QueueOfGroup, number | null, 'READ'>({
  name: 'QUERY_CONSUMER_OFFSET',
  code: 14,
  access: 'READ',
  accepts: [0, 22],
  encode: ({ consumerGroup, topic, queueId }) => ({
    fields: { consumerGroup, topic, queueId, setZeroIfNotFound: false },
  }),
  decode: (reply) => (reply.code === 22 ? null : requireExtInteger(reply, 'offset')),
});
