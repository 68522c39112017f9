import 'server-only';
import { traceQuery, traceReply } from '@/lib/contract/trace';
import { noteTraceResults } from '@/lib/domain/dead-letters/trace-results';
import { findTrace } from '@/lib/domain/trace/find';
import { defineEndpoint } from '../endpoint';

export const traceFind = defineEndpoint({
  method: 'GET',
  path: '/api/trace',
  summary: 'The life of one message over all groups, from any id or key',
  permission: 'metadata:read',
  input: traceQuery,
  reply: traceReply,
  async run(ctx, input) {
    const reply = await findTrace(ctx, input);
    noteTraceResults(ctx, reply);
    return reply;
  },
});
