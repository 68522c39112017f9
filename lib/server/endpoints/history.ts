import 'server-only';
import { historyQuery, historyReply } from '@/lib/contract/history';
import { getHistory } from '@/lib/domain/history/get';
import { defineEndpoint } from '../endpoint';
import { afterFirstSweep } from '../ready-ctx';

export const getHistoryEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/groups/history',
  summary: 'Recorded lag, time lag, rates, retries and dead letters of a group, with gaps, jobs and offset jumps',
  permission: 'metadata:read',
  input: historyQuery,
  reply: historyReply,
  run: async (ctx, query) => getHistory(await afterFirstSweep(ctx), query),
});
