import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type {
  deadLettersQuery,
  deadLettersReply,
  failureNoteInput,
  failureNoteReply,
  failuresReply,
  lettersQuery,
  lettersReply,
} from '@/lib/contract/dead-letters';
import { getJson, postJson } from './fetcher';
import { pagesOf } from './pages';

export type DeadLettersInput = Omit<z.input<typeof deadLettersQuery>, 'cursor'>;
export type LettersInput = Omit<z.input<typeof lettersQuery>, 'cursor'>;

/** Groups with dead letters, page by page. */
export const deadLetterGroupsQuery = (input: DeadLettersInput) =>
  infiniteQueryOptions({
    queryKey: ['snapshot', input.cluster, 'dead-letters', input],
    ...pagesOf<typeof deadLettersReply>('/api/dead-letters', input),
    placeholderData: keepPreviousData,
  });

/** Newest first, page by page. */
export const lettersPagesQuery = (input: LettersInput) =>
  infiniteQueryOptions({
    queryKey: ['snapshot', input.cluster, 'dead-letters', 'messages', input],
    ...pagesOf<typeof lettersReply>('/api/dead-letters/messages', input),
    placeholderData: (before, query) =>
      query && (query.queryKey[4] as LettersInput | undefined)?.group === input.group ? before : undefined,
  });

/** What the letters of a group died of. */
export const failuresQuery = (input: { cluster: string | undefined; group: string }) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'dead-letters', 'failures', input],
    queryFn: ({ signal }) => getJson<typeof failuresReply>('/api/dead-letters/failures', input, signal),
    placeholderData: keepPreviousData,
  });

export const noteFailure = (input: z.input<typeof failureNoteInput>) =>
  postJson<typeof failureNoteReply>('/api/dead-letters/note', input);
