import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import type { z } from 'zod';
import type { deadLettersQuery, deadLettersReply, lettersQuery, lettersReply } from '@/lib/contract/dead-letters';
import { getJson } from './fetcher';

export type DeadLettersInput = Omit<z.input<typeof deadLettersQuery>, 'cursor'>;
export type LettersInput = Omit<z.input<typeof lettersQuery>, 'cursor'>;

/** Groups with dead letters, page by page. */
export const deadLetterGroupsQuery = (input: DeadLettersInput) =>
  infiniteQueryOptions({
    queryKey: ['snapshot', input.cluster, 'dead-letters', input],
    queryFn: ({ signal, pageParam }) =>
      getJson<typeof deadLettersReply>('/api/dead-letters', { ...input, cursor: pageParam } as never, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });

/** Newest first, page by page. */
export const lettersPagesQuery = (input: LettersInput) =>
  infiniteQueryOptions({
    queryKey: ['snapshot', input.cluster, 'dead-letters', 'messages', input],
    queryFn: ({ signal, pageParam }) =>
      getJson<typeof lettersReply>('/api/dead-letters/messages', { ...input, cursor: pageParam } as never, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: (before, query) =>
      query && (query.queryKey[4] as LettersInput | undefined)?.group === input.group ? before : undefined,
  });
