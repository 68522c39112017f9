import 'server-only';
import { lagQuery, lagReply } from '@/lib/contract/groups';
import { getLag } from '@/lib/domain/lag/get';
import { defineEndpoint } from '../endpoint';
import { afterFirstSweep } from '../ready-ctx';

export const getLagEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/groups/lag',
  summary: 'Lag of a group per queue, in messages and by the store time of the next unread one',
  permission: 'metadata:read',
  input: lagQuery,
  reply: lagReply,
  run: async (ctx, query) => getLag(await afterFirstSweep(ctx), query),
});
