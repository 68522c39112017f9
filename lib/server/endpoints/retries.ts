import 'server-only';
import { retriesQuery, retriesReply } from '@/lib/contract/messages';
import { listRetries } from '@/lib/domain/retries/list';
import { defineEndpoint } from '../endpoint';

export const retriesList = defineEndpoint({
  method: 'GET',
  path: '/api/retries',
  summary: 'Messages waiting for another attempt, of one group or counted for all',
  permission: 'metadata:read',
  input: retriesQuery,
  reply: retriesReply,
  run: async (ctx, input) => listRetries(ctx, input),
});
