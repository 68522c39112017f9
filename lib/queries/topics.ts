import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { topicDetail, topicsQuery, topicsReply } from '@/lib/contract/topics';
import { getJson } from './fetcher';

export type TopicsInput = Omit<z.input<typeof topicsQuery>, 'cursor'>;

export const topicListQuery = (input: TopicsInput) =>
  infiniteQueryOptions({
    queryKey: ['snapshot', input.cluster, 'topics', input],
    queryFn: ({ signal, pageParam }) =>
      getJson<typeof topicsReply>('/api/topics', { ...input, cursor: pageParam } as never, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });

export const topicDetailQuery = (input: { cluster?: string | undefined; topic: string }) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'topics', 'detail', input.topic],
    queryFn: ({ signal }) => getJson<typeof topicDetail>('/api/topics/detail', input, signal),
  });
