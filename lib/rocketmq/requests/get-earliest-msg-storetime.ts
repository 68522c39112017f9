import { instantOf, requireExtInteger } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

/** Any replica. `topic`, `queueId`; ext `timestamp`, epoch ms; -1 (no message) is null. */
export const GET_EARLIEST_MSG_STORETIME = defineRequest<{ topic: string; queueId: number }, number | null, 'READ'>({
  name: 'GET_EARLIEST_MSG_STORETIME',
  code: 32,
  access: 'READ',
  encode: ({ topic, queueId }) => ({ fields: { topic, queueId } }),
  decode: (reply) => instantOf(requireExtInteger(reply, 'timestamp')),
});
