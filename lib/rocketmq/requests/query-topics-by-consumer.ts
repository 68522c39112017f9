import { textsOf } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

/** Master, 5.0+. `group`; body `TopicList`: the topics for which the group has offsets here. */
export const QUERY_TOPICS_BY_CONSUMER = defineRequest<{ group: string }, { topics: string[] }, 'READ'>({
  name: 'QUERY_TOPICS_BY_CONSUMER',
  code: 343,
  access: 'READ',
  encode: ({ group }) => ({ fields: { group } }),
  decode: (reply) => ({ topics: textsOf(bodyObject(reply, 'TopicList').topicList) }),
});
