import { queryOptions } from '@tanstack/react-query';
import type { clustersReply, namesReply } from '@/lib/contract/clusters';
import { getJson } from './fetcher';

/** Polled; when a cluster's `version` moves, everything read from its snapshot is asked again. */
export const POLL_MS = 3000;

export const clustersQuery = () =>
  queryOptions({
    queryKey: ['clusters'],
    queryFn: ({ signal }) => getJson<typeof clustersReply>('/api/clusters', {}, signal),
    refetchInterval: POLL_MS,
  });

export const namesQuery = (cluster: string | undefined) =>
  queryOptions({
    queryKey: ['snapshot', cluster, 'names'],
    queryFn: ({ signal }) => getJson<typeof namesReply>('/api/names', { cluster }, signal),
    staleTime: 10_000,
  });
