import 'server-only';
import { overviewReply } from '@/lib/contract/overview';
import { clusterQuery } from '@/lib/contract/primitives';
import { getOverview } from '@/lib/domain/overview/get';
import { defineEndpoint } from '../endpoint';
import { afterFirstSweep } from '../ready-ctx';

export const getOverviewEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/overview',
  summary: 'Findings worst first, totals, and the jobs under way',
  permission: 'metadata:read',
  input: clusterQuery,
  reply: overviewReply,
  run: async (ctx) => getOverview(await afterFirstSweep(ctx)),
});
