import { bodyObject } from '../codec/reply-fields';
import { type TopicConfig, topicConfigOf } from '../codec/topic-config';
import { defineRequest } from '../define-request';

/** Any replica, 5.0+. `topic`; body `TopicConfigAndQueueMapping`. 17: not on this broker, which is null. */
export const GET_TOPIC_CONFIG = defineRequest<{ topic: string }, TopicConfig | null, 'READ'>({
  name: 'GET_TOPIC_CONFIG',
  code: 351,
  access: 'READ',
  accepts: [0, 17],
  encode: ({ topic }) => ({ fields: { topic } }),
  decode: (reply, { topic }) => (reply.code === 17 ? null : topicConfigOf(bodyObject(reply, 'TopicConfig'), topic)),
});
