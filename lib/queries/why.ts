import { queryOptions } from '@tanstack/react-query';
import type { memberThreads } from '@/lib/contract/threads';
import type { whyReply } from '@/lib/contract/why';
import { getJson } from './fetcher';

interface GroupInput {
  cluster?: string | undefined;
  group: string;
}

export const whyQuery = (input: GroupInput) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'groups', 'why', input.group],
    queryFn: ({ signal }) => getJson<typeof whyReply>('/api/groups/why', { ...input }, signal),
  });

/** Asks the client itself: only when somebody wants it, and again only then. */
export const memberThreadsQuery = (input: GroupInput & { clientId: string }) =>
  queryOptions({
    queryKey: ['threads', input.cluster, input.group, input.clientId],
    queryFn: ({ signal }) => getJson<typeof memberThreads>('/api/groups/member', { ...input }, signal),
    enabled: false,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
