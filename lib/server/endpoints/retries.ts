import 'server-only';
import { retriesQuery, retriesReply } from '@/lib/contract/messages';
import { requirePermission } from '@/lib/domain/permission';
import { listRetries } from '@/lib/domain/retries/list';
import { defineEndpoint } from '../endpoint';

export const retriesList = defineEndpoint({
  method: 'GET',
  path: '/api/retries',
  summary: 'Messages waiting for another attempt, of one group or counted for all',
  permission: 'metadata:read',
  input: retriesQuery,
  reply: retriesReply,
  async run(ctx, input) {
    // Of all groups only counts; of one the messages themselves.
    if (input.group !== undefined) requirePermission(ctx, 'message:body:read', { group: input.group });
    return listRetries(ctx, input);
  },
});
