import 'server-only';
import { groupDetail, groupDetailQuery, groupsQuery, groupsReply } from '@/lib/contract/groups';
import { getGroup } from '@/lib/domain/groups/get';
import { listGroups } from '@/lib/domain/groups/list';
import { defineEndpoint } from '../endpoint';
import { afterFirstSweep } from '../ready-ctx';

export const listGroupsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/groups',
  summary: 'Consumer groups with status, lag in messages and in time, retries and dead letters',
  permission: 'metadata:read',
  input: groupsQuery,
  reply: groupsReply,
  run: async (ctx, query) => listGroups(await afterFirstSweep(ctx), query),
});

export const getGroupEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/groups/detail',
  summary: 'One consumer group: status, members, subscriptions, retries, dead letters, configuration',
  permission: 'metadata:read',
  input: groupDetailQuery,
  reply: groupDetail,
  run: async (ctx, query) => getGroup(await afterFirstSweep(ctx), query),
});
