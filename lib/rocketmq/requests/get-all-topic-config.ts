import { dataVersionOf } from '../codec/data-version';
import { entriesOf } from '../codec/fastjson-fields';
import { tableObject } from '../codec/reply-fields';
import { type TopicConfig, topicConfigOf } from '../codec/topic-config';
import { defineRequest } from '../define-request';

/**
 * Any replica. No fields, since any paging field would make 5.4 and later answer one page; body `TopicConfigSerializeWrapper`:
 * `{"dataVersion":{…},"topicConfigTable":{"T":TopicConfig,…}}`.
 */
export const GET_ALL_TOPIC_CONFIG = defineRequest<void, { topics: TopicConfig[]; version: string | null }, 'READ'>({
  name: 'GET_ALL_TOPIC_CONFIG',
  code: 21,
  access: 'READ',
  encode: () => ({}),
  decode: (reply) => {
    const { topicConfigTable } = tableObject(reply, 'TopicConfigSerializeWrapper');
    const topics = entriesOf(topicConfigTable).map(([name, value]) => topicConfigOf(value, String(name)));
    return { topics, version: dataVersionOf(reply.body) };
  },
});

/**
 * The `DataVersion` of that table without the table: a page behind its end, which brokers before 5.4 take for the request
 * above. It rises with every topic that is created, changed or deleted.
 */
export const TOPIC_CONFIG_VERSION = defineRequest<{ known: string }, string | null, 'READ'>({
  ...GET_ALL_TOPIC_CONFIG,
  encode: ({ known }) => ({ fields: { topicSeq: 0x7fff_ffff, dataVersion: known, maxTopicNum: 1 } }),
  decode: (reply) => dataVersionOf(reply.body),
});
