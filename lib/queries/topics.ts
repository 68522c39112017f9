import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { topicDetail, topicHistogram, topicProducers, topicsQuery, topicsReply } from '@/lib/contract/topics';
import { wholeSteps } from '@/lib/format/histogram';
import { getJson } from './fetcher';
import { pagesOf } from './pages';

export type TopicsInput = Omit<z.input<typeof topicsQuery>, 'cursor'>;

export const topicListQuery = (input: TopicsInput) =>
  infiniteQueryOptions({
    queryKey: ['snapshot', input.cluster, 'topics', input],
    ...pagesOf<typeof topicsReply>('/api/topics', input),
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

export const topicProducersQuery = (input: { cluster?: string | undefined; topic: string }) =>
  queryOptions({
    queryKey: ['topic-producers', input],
    queryFn: ({ signal }) => getJson<typeof topicProducers>('/api/topics/producers', input, signal),
    staleTime: 10_000,
  });
