import { queryOptions } from '@tanstack/react-query';
import type { clustersReply, namesReply } from '@/lib/contract/clusters';
import { getJson } from './fetcher';

export const POLL_MS = 3000;

/** Polled in one place, by `useSnapshotRefresh`, while pages are live. */
export const clustersQuery = () =>
  queryOptions({
    queryKey: ['clusters'],
    queryFn: ({ signal }) => getJson<typeof clustersReply>('/api/clusters', {}, signal),
  });

export const namesQuery = (cluster: string | undefined) =>
  queryOptions({
    queryKey: ['snapshot', cluster, 'names'],
    queryFn: ({ signal }) => getJson<typeof namesReply>('/api/names', { cluster }, signal),
    staleTime: 10_000,
  });
