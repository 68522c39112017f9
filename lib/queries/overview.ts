import { queryOptions } from '@tanstack/react-query';
import type { overviewReply } from '@/lib/contract/overview';
import { getJson } from './fetcher';

export const overviewQuery = (cluster: string | undefined) =>
  queryOptions({
    queryKey: ['snapshot', cluster, 'overview'],
    queryFn: ({ signal }) => getJson<typeof overviewReply>('/api/overview', { cluster }, signal),
  });
