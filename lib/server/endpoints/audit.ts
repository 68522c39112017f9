import 'server-only';
import {
  auditEntryQuery,
  auditEntryReply,
  auditExportQuery,
  auditQuery,
  auditReply,
  auditVerifyEvent,
  auditVerifyQuery,
} from '@/lib/contract/audit';
import { exportAudit } from '@/lib/domain/audit/export';
import { getAuditEntry } from '@/lib/domain/audit/get';
import { listAudit } from '@/lib/domain/audit/list';
import { chainProgress } from '../audit-progress';
import { defineEndpoint, StreamReply } from '../endpoint';
import { textStream } from '../text-stream';

export const listAuditEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/audit',
  summary: 'Who did what, when, from where, with which result; newest first',
  permission: 'audit:read',
  input: auditQuery,
  reply: auditReply,
  run: listAudit,
});

export const getAuditEntryEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/audit/entry',
  summary: 'One entry: parameters, what else the trail holds of its job, before and after, its place in the hash chain',
  permission: 'audit:read',
  input: auditEntryQuery,
  reply: auditEntryReply,
  run: getAuditEntry,
});

export const verifyAuditEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/audit/verify',
  summary:
    'Walks the hash chain and tells how far it is; the last line names the first row that is not in order, or none',
  permission: 'audit:read',
  input: auditVerifyQuery,
  reply: null,
  contentType: 'application/x-ndjson; charset=utf-8',
  event: auditVerifyEvent,
  run: async (ctx) => new StreamReply(textStream(ctx, chainProgress(ctx))),
});

export const auditExportEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/audit/export',
  summary: 'The filtered trail as a file, oldest first; that it was taken is an entry of its own',
  permission: 'audit:read',
  input: auditExportQuery,
  reply: null,
  async run(ctx, query) {
    const { name, text } = await exportAudit(ctx, query);
    return new StreamReply(textStream(ctx, text), name);
  },
});
