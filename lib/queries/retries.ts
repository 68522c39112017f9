import { queryOptions } from '@tanstack/react-query';
import type { retriesReply } from '@/lib/contract/messages';
import { getJson } from './fetcher';

export const retriesQuery = (input: { cluster?: string | undefined; group?: string | undefined; limit?: number }) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'retries', input.group, input.limit],
    queryFn: ({ signal }) => getJson<typeof retriesReply>('/api/retries', { ...input }, signal),
  });
