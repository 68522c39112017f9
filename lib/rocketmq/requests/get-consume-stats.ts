import { type ConsumeStats, consumeStatsOf } from '../codec/consume-stats';
import { bodyObject } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

export interface GetConsumeStatsInput {
  consumerGroup: string;
  topic?: string | undefined;
  /** 5.3.2+; taken as given, also topics an online group no longer subscribes to. */
  topicList?: readonly string[] | undefined;
}

/**
 * Master. `consumerGroup`, `topic`, `topicList` (joined with `;`); body `ConsumeStats`:
 * `{"consumeTps":1.5,"offsetTable":{{"brokerName":"b","queueId":0,"topic":"T"}:{"brokerOffset":42,"consumerOffset":40,
 * "lastTimestamp":…,"pullOffset":41}}}`. While the group is online, topics it does not subscribe to are left out.
 */
export const GET_CONSUME_STATS = defineRequest<GetConsumeStatsInput, ConsumeStats, 'READ'>({
  name: 'GET_CONSUME_STATS',
  code: 208,
  access: 'READ',
  encode: ({ consumerGroup, topic, topicList }) => ({
    fields: { consumerGroup, topic, topicList: topicList?.join(';') },
  }),
  decode: (reply) => consumeStatsOf(bodyObject(reply, 'ConsumeStats')),
});
