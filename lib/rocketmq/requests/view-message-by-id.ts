import { decodeStoredMessages, type StoredMessage } from '../codec/stored-message';
import { defineRequest } from '../define-request';

export interface ViewMessageInput {
  /** Commit log position, from an offset id or a queue entry. */
  physicalOffset: number;
  /** 5.3+ checks it against permissions. */
  topic?: string | undefined;
}

/**
 * Any replica of the broker that stored it. `offset`, `topic`; body one record. Null when the position is gone or not the start
 * of a record: 1 in any wording, or a record that says it lies elsewhere.
 */
export const VIEW_MESSAGE_BY_ID = defineRequest<ViewMessageInput, StoredMessage | null, 'READ'>({
  name: 'VIEW_MESSAGE_BY_ID',
  code: 33,
  access: 'READ',
  accepts: [0, 1],
  encode: ({ physicalOffset, topic }) => ({ fields: { offset: physicalOffset, topic } }),
  decode: (reply, { physicalOffset }) => {
    if (reply.code === 1) return null;
    const [message] = decodeStoredMessages(reply.body).messages;
    return message?.physicalOffset === physicalOffset ? message : null;
  },
});
