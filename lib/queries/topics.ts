import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { topicDetail, topicHistogram, topicsQuery, topicsReply } from '@/lib/contract/topics';
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

/** Each reading costs the brokers a search per queue and bar: it is repeated on demand only. `lengthMs` null: all kept. */
export const topicHistogramQuery = (input: { cluster?: string | undefined; topic: string; lengthMs: number | null }) =>
  queryOptions({
    queryKey: ['topic-histogram', input],
    queryFn: ({ signal }) => {
      const { cluster, topic, lengthMs } = input;
      const from = lengthMs === null ? undefined : Date.now() - lengthMs;
      return getJson<typeof topicHistogram>('/api/topics/histogram', { cluster, topic, from }, signal);
    },
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
