import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AuditVerifyEvent, auditEntryReply, auditReply } from '@/lib/contract/audit';
import type { AuditOutcome } from '@/lib/contract/words';
import { apiUrl, getJson, readLines } from './fetcher';
import { pagesOf } from './pages';

const POLL_MS = 10_000;

export interface AuditInput {
  cluster?: string | undefined;
  q?: string | undefined;
  who?: string | undefined;
  action?: string | undefined;
  outcome?: AuditOutcome | undefined;
  resource?: string | undefined;
  last?: '24h' | '7d' | '30d' | 'all' | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export const auditPagesQuery = (input: AuditInput) =>
  infiniteQueryOptions({
    queryKey: ['audit', input.cluster, 'pages', input],
    ...pagesOf<typeof auditReply>('/api/audit', input),
    placeholderData: keepPreviousData,
    refetchInterval: POLL_MS,
  });

export const auditEntryQuery = (input: { cluster: string | undefined; seq: number }) =>
  queryOptions({
    queryKey: ['audit', input.cluster, 'entry', input.seq],
    queryFn: ({ signal }) => getJson<typeof auditEntryReply>('/api/audit/entry', input, signal),
  });

export const auditExportUrl = (input: AuditInput, format: 'jsonl' | 'csv'): string =>
  apiUrl('/api/audit/export', { ...input, format });

/** Walks the chain; `onLine` hears how far it is, and in the last line how it ended. */
export const verifyAudit = (
  cluster: string | undefined,
  onLine: (line: AuditVerifyEvent) => void,
  signal: AbortSignal,
): Promise<void> => readLines('/api/audit/verify', { cluster }, onLine, signal);
