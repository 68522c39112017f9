import { requireCount } from '../codec/reply-fields';
import { defineRequest } from '../define-request';
import type { QueueOfGroup } from './query-consumer-offset';

/**
 * Master. `consumerGroup`, `topic`, `queueId`, `commitOffset`. The broker checks group (26) and topic (17), neither queue nor range: clamp
 * before. While a server-side reset is pending it answers 0 and changes nothing; its remark is the only sign.
 */
export const UPDATE_CONSUMER_OFFSET = defineRequest<
  QueueOfGroup & { commitOffset: number },
  { ignored: boolean },
  'WRITE'
>({
  name: 'UPDATE_CONSUMER_OFFSET',
  code: 15,
  access: 'WRITE',
  encode: ({ consumerGroup, topic, queueId, commitOffset }) => ({
    fields: {
      consumerGroup,
      topic,
      queueId: requireCount(queueId, 'queueId'),
      commitOffset: requireCount(commitOffset, 'commitOffset'),
    },
  }),
  decode: (reply) => ({ ignored: reply.remark?.includes('Offset has been previously reset') ?? false }),
});
