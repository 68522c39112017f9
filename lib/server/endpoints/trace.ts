import 'server-only';
import { traceQuery, traceReply } from '@/lib/contract/trace';
import { findTrace } from '@/lib/domain/trace/find';
import { defineEndpoint } from '../endpoint';

export const traceFind = defineEndpoint({
  method: 'GET',
  path: '/api/trace',
  summary: 'The life of one message over all groups, from any id or key',
  permission: 'message:read',
  input: traceQuery,
  reply: traceReply,
  run: findTrace,
});
