import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { groupDetail, groupsQuery, groupsReply, lagReply } from '@/lib/contract/groups';
import { getJson } from './fetcher';
import { pagesOf } from './pages';

export type GroupsInput = Omit<z.input<typeof groupsQuery>, 'cursor'>;
interface GroupInput {
  cluster?: string | undefined;
  group: string;
}

export const groupListQuery = (input: GroupsInput) =>
  infiniteQueryOptions({
    queryKey: ['snapshot', input.cluster, 'groups', input],
    ...pagesOf<typeof groupsReply>('/api/groups', input),
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
