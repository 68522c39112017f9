import { entriesOf } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { type TopicConfig, topicConfigOf } from '../codec/topic-config';
import { defineRequest } from '../define-request';

/**
 * Any replica. No fields, since any paging field would make 5.x answer one page; body `TopicConfigSerializeWrapper`:
 * `{"dataVersion":{…},"topicConfigTable":{"T":TopicConfig,…}}`.
 */
export const GET_ALL_TOPIC_CONFIG = defineRequest<void, { topics: TopicConfig[] }, 'READ'>({
  name: 'GET_ALL_TOPIC_CONFIG',
  code: 21,
  access: 'READ',
  encode: () => ({}),
  decode: (reply) => {
    const { topicConfigTable } = bodyObject(reply, 'TopicConfigSerializeWrapper');
    return { topics: entriesOf(topicConfigTable).map(([name, value]) => topicConfigOf(value, String(name))) };
  },
});
