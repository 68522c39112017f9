import { type DamagedRecord, decodeStoredMessages, type StoredMessage } from '../codec/stored-message';
import { defineRequest } from '../define-request';

export interface QueryMessageInput {
  /** The stored topic: `%DLQ%g`, `SCHEDULE_TOPIC_XXXX`, … find other stages of the same message. */
  topic: string;
  /** A UNIQ_KEY or one of the KEYS. */
  key: string;
  /** Default and most 64. */
  maxNum?: number | undefined;
  /** Window of store times, epoch ms; default everything. */
  from?: number | undefined;
  to?: number | undefined;
}
export interface QueryMessageOutput {
  /** Ascending by physical offset. */
  messages: StoredMessage[];
  damaged: DamagedRecord[];
  /** Records answered before those with a mere equal hash were dropped; as many as asked for means there may be more. */
  hits: number;
}

const LONG_MAX = '9223372036854775807';

/**
 * Any replica, of each master that hosts the topic. `topic`, `key`, `maxNum`, `beginTimestamp`, `endTimestamp`; body records.
 * 22: nothing found. The index knows hashes only, so topic and key are compared here. `_UNIQUE_KEY_QUERY` is never sent: versions
 * disagree on whether it is signed.
 */
export const QUERY_MESSAGE = defineRequest<QueryMessageInput, QueryMessageOutput, 'READ'>({
  name: 'QUERY_MESSAGE',
  code: 12,
  access: 'READ',
  accepts: [0, 22],
  encode: ({ topic, key, maxNum = 64, from = 0, to }) => ({
    fields: { topic, key, maxNum, beginTimestamp: from, endTimestamp: to ?? LONG_MAX },
  }),
  decode: (reply, { topic, key }) => {
    if (reply.code === 22) return { messages: [], damaged: [], hits: 0 };
    const { messages, damaged } = decodeStoredMessages(reply.body);
    const matching = messages.filter((message) => message.topic === topic && hasKey(message, key));
    return { messages: matching, damaged, hits: messages.length };
  },
});

function hasKey({ properties }: StoredMessage, key: string): boolean {
  return properties.UNIQ_KEY === key || (properties.KEYS?.split(' ').includes(key) ?? false);
}
