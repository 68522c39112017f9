import 'server-only';
import { memberThreads, memberThreadsQuery } from '@/lib/contract/threads';
import { whyQuery, whyReply } from '@/lib/contract/why';
import { getMemberThreads } from '@/lib/domain/threads/get';
import { getWhy } from '@/lib/domain/why/get';
import { defineEndpoint } from '../endpoint';
import { afterFirstSweep } from '../ready-ctx';

export const getWhyEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/groups/why',
  summary: 'Why a group is as it is: findings with evidence and the next safe step, and what would shorten its backlog',
  permission: 'metadata:read',
  input: whyQuery,
  reply: whyReply,
  run: async (ctx, query) => getWhy(await afterFirstSweep(ctx), query),
});

export const getMemberThreadsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/groups/member',
  summary: 'Thread stacks of one member of a group, read from the client now',
  permission: 'metadata:read',
  input: memberThreadsQuery,
  reply: memberThreads,
  // The broker waits 10 s for the client.
  deadlineMs: 15_000,
  run: async (ctx, query) => getMemberThreads(await afterFirstSweep(ctx), query),
});
