import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { topicDetail, topicHistogram, topicsQuery, topicsReply } from '@/lib/contract/topics';
import { wholeSteps } from '@/lib/format/histogram';
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

/**
 * The last `lengthMs` in bars of `stepMs` that begin at round times, or, when null, all that is kept. Each reading costs the
 * brokers a search per queue and bar: it is repeated on demand only.
 */
export const topicHistogramQuery = (input: {
  cluster?: string | undefined;
  topic: string;
  span: { lengthMs: number; stepMs: number } | null;
}) =>
  queryOptions({
    queryKey: ['topic-histogram', input],
    queryFn: ({ signal }) => {
      const { cluster, topic, span } = input;
      const range = span ? wholeSteps(Date.now(), span) : {};
      return getJson<typeof topicHistogram>('/api/topics/histogram', { cluster, topic, ...range }, signal);
    },
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
