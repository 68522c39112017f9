import 'server-only';
import { z } from 'zod';
import { messageDetail, messageQuery } from '@/lib/contract/messages';
import { getMessageBody } from '@/lib/domain/messages/body';
import { getMessage } from '@/lib/domain/messages/get';
import { defineEndpoint, StreamReply } from '../endpoint';

export const messageGet = defineEndpoint({
  method: 'GET',
  path: '/api/messages/detail',
  summary: 'One stored record: place, properties, body',
  permission: 'metadata:read',
  input: messageQuery,
  reply: messageDetail,
  run: getMessage,
});

export const messageBody = defineEndpoint({
  method: 'GET',
  path: '/api/messages/body',
  summary: 'The bytes of a body, inflated or as stored',
  permission: 'message:body:read',
  input: messageQuery.extend({ as: z.enum(['inflated', 'stored']).default('inflated') }),
  reply: null,
  run: async (ctx, input) => {
    const { bytes, fileName } = await getMessageBody(ctx, input);
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    });
    return new StreamReply(stream, fileName);
  },
});
