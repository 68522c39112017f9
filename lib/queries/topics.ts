import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { topicDetail, type topicsQuery, topicsReply } from '@/lib/contract/topics';
import { getJson } from './fetcher';

export type TopicsInput = z.input<typeof topicsQuery>;

export const topicListQuery = (input: TopicsInput) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'topics', input],
    queryFn: ({ signal }) => getJson('/api/topics', input as never, topicsReply, signal),
    placeholderData: keepPreviousData,
  });

export const topicDetailQuery = (input: { cluster?: string | undefined; topic: string }) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'topics', 'detail', input.topic],
    queryFn: ({ signal }) => getJson('/api/topics/detail', input, topicDetail, signal),
  });
