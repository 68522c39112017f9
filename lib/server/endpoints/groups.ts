import 'server-only';
import { groupsQuery, groupsReply } from '@/lib/contract/groups';
import { listGroups } from '@/lib/domain/groups/list';
import { defineEndpoint } from '../endpoint';
import { afterFirstSweep } from '../ready-ctx';

export const listGroupsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/groups',
  summary: 'Consumer groups with status, lag in messages and in time, retries and dead letters',
  permission: 'cluster:read',
  input: groupsQuery,
  reply: groupsReply,
  run: async (ctx, query) => listGroups(await afterFirstSweep(ctx), query),
});
