import { textsOf } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

/**
 * Master. `topic`; body `GroupList` `{"groupList":["g1"]}`: groups with a stored offset and groups online with a
 * subscription. A POP group appears only once it has an offset.
 */
export const QUERY_TOPIC_CONSUME_BY_WHO = defineRequest<{ topic: string }, { groups: string[] }, 'READ'>({
  name: 'QUERY_TOPIC_CONSUME_BY_WHO',
  code: 300,
  access: 'READ',
  encode: ({ topic }) => ({ fields: { topic } }),
  decode: (reply) => ({ groups: textsOf(bodyObject(reply, 'GroupList').groupList) }),
});
