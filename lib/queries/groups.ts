import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { groupDetail, groupsQuery, groupsReply, lagReply } from '@/lib/contract/groups';
import { getJson } from './fetcher';

export type GroupsInput = Omit<z.input<typeof groupsQuery>, 'cursor'>;
interface GroupInput {
  cluster?: string | undefined;
  group: string;
}

export const groupListQuery = (input: GroupsInput) =>
  infiniteQueryOptions({
    queryKey: ['snapshot', input.cluster, 'groups', input],
    queryFn: ({ signal, pageParam }) =>
      getJson<typeof groupsReply>('/api/groups', { ...input, cursor: pageParam } as never, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });

export const groupDetailQuery = (input: GroupInput) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'groups', 'detail', input.group],
    queryFn: ({ signal }) => getJson<typeof groupDetail>('/api/groups/detail', { ...input }, signal),
  });

export const groupLagQuery = (input: GroupInput & { topic?: string | undefined }) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'groups', 'lag', input.group, input.topic],
    queryFn: ({ signal }) => getJson<typeof lagReply>('/api/groups/lag', { ...input }, signal),
  });
