import { queryOptions } from '@tanstack/react-query';
import { overviewReply } from '@/lib/contract/overview';
import { getJson } from './fetcher';

export const overviewQuery = (cluster: string | undefined) =>
  queryOptions({
    queryKey: ['snapshot', cluster, 'overview'],
    queryFn: ({ signal }) => getJson('/api/overview', { cluster }, overviewReply, signal),
  });
