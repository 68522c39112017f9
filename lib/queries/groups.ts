import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { groupDetail, type groupsQuery, groupsReply, lagReply } from '@/lib/contract/groups';
import { getJson } from './fetcher';

export type GroupsInput = z.input<typeof groupsQuery>;
interface GroupInput {
  cluster?: string | undefined;
  group: string;
}

export const groupListQuery = (input: GroupsInput) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'groups', input],
    queryFn: ({ signal }) => getJson('/api/groups', input as never, groupsReply, signal),
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
