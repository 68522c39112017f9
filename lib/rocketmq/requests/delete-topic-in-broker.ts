import { defineRequest } from '../define-request';

/**
 * Each master. `topic`. Removes the configuration, all groups' offsets and the queues of the topic; records stay in the commit log,
 * readable by 12 and 33, and a crash of the broker can bring them back. With `timerWheelEnable=false` it does its work and then
 * answers 1: ask 351 before calling that a failure.
 */
export const DELETE_TOPIC_IN_BROKER = defineRequest<{ topic: string }, void, 'WRITE'>({
  name: 'DELETE_TOPIC_IN_BROKER',
  code: 215,
  access: 'WRITE',
  encode: ({ topic }) => ({ fields: { topic } }),
  decode: () => undefined,
});
