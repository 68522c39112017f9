import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { type deadLettersQuery, deadLettersReply, type lettersQuery, lettersReply } from '@/lib/contract/dead-letters';
import { getJson } from './fetcher';

export type DeadLettersInput = z.input<typeof deadLettersQuery>;
export type LettersInput = Omit<z.input<typeof lettersQuery>, 'cursor'>;

export const deadLetterGroupsQuery = (input: DeadLettersInput) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'dead-letters', input],
    queryFn: ({ signal }) => getJson('/api/dead-letters', input as never, deadLettersReply, signal),
    placeholderData: keepPreviousData,
  });

/** Newest first, page by page. */
export const lettersPagesQuery = (input: LettersInput) =>
  infiniteQueryOptions({
    queryKey: ['snapshot', input.cluster, 'dead-letters', 'messages', input],
    queryFn: ({ signal, pageParam }) =>
      getJson('/api/dead-letters/messages', { ...input, cursor: pageParam } as never, lettersReply, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
