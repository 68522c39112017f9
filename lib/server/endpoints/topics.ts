import 'server-only';
import { topicsQuery, topicsReply } from '@/lib/contract/topics';
import { listTopics } from '@/lib/domain/topics/list';
import { defineEndpoint } from '../endpoint';
import { afterFirstSweep } from '../ready-ctx';

export const listTopicsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/topics',
  summary: 'Topics with queues, messages kept and the lag of their worst group',
  permission: 'cluster:read',
  input: topicsQuery,
  reply: topicsReply,
  run: async (ctx, query) => listTopics(await afterFirstSweep(ctx), query),
});
