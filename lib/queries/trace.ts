import { queryOptions } from '@tanstack/react-query';
import type { traceReply } from '@/lib/contract/trace';
import { getJson } from './fetcher';

export const traceQuery = (input: { cluster?: string | undefined; id: string; uniqKey?: string | undefined }) =>
  queryOptions({
    queryKey: ['trace', input.cluster, input.id, input.uniqKey],
    queryFn: ({ signal }) => getJson<typeof traceReply>('/api/trace', { ...input }, signal),
  });
