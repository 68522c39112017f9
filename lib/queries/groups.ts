import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { groupDetail, type groupsQuery, groupsReply, lagReply } from '@/lib/contract/groups';
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
      getJson('/api/groups', { ...input, cursor: pageParam } as never, groupsReply, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });

export const groupDetailQuery = (input: GroupInput) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'groups', 'detail', input.group],
    queryFn: ({ signal }) => getJson('/api/groups/detail', { ...input }, groupDetail, signal),
  });

export const groupLagQuery = (input: GroupInput & { topic?: string | undefined }) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'groups', 'lag', input.group, input.topic],
    queryFn: ({ signal }) => getJson('/api/groups/lag', { ...input }, lagReply, signal),
  });
