import { requireExtInteger } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

/** Any replica. `topic`, `queueId`; ext `offset`: one past the last message. 0 for a queue that does not exist. */
export const GET_MAX_OFFSET = defineRequest<{ topic: string; queueId: number }, number, 'READ'>({
  name: 'GET_MAX_OFFSET',
  code: 30,
  access: 'READ',
  encode: ({ topic, queueId }) => ({ fields: { topic, queueId } }),
  decode: (reply) => requireExtInteger(reply, 'offset'),
});
