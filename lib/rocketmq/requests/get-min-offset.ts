import { requireExtInteger } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

/** Any replica. `topic`, `queueId`; ext `offset`: the first message still there. 0 for a queue that does not exist. */
export const GET_MIN_OFFSET = defineRequest<{ topic: string; queueId: number }, number, 'READ'>({
  name: 'GET_MIN_OFFSET',
  code: 31,
  access: 'READ',
  encode: ({ topic, queueId }) => ({ fields: { topic, queueId } }),
  decode: (reply) => requireExtInteger(reply, 'offset'),
});
