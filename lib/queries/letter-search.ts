import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { LetterSearchEvent, letterRowsReply, letterSearchQuery } from '@/lib/contract/letter-search';
import { getJson, type QueryParams, readLines } from './fetcher';

export type LetterSearchInput = z.input<typeof letterSearchQuery>;

/** Runs until it has ended or `signal` is aborted; the server then stops as well. */
export const searchLetters = (
  input: LetterSearchInput,
  onEvent: (event: LetterSearchEvent) => void,
  signal: AbortSignal,
): Promise<void> => readLines<LetterSearchEvent>('/api/dead-letters/search', input as QueryParams, onEvent, signal);

/** Most ids of one question. */
export const ROWS_AT_ONCE = 100;

/** Letters by their ids, as they are now. */
export const letterRowsQuery = (input: { cluster: string | undefined; group: string; ids: readonly string[] }) =>
  queryOptions({
    queryKey: ['snapshot', input.cluster, 'dead-letters', 'rows', input],
    queryFn: ({ signal }) =>
      getJson<typeof letterRowsReply>('/api/dead-letters/rows', { ...input, ids: input.ids.join(' ') }, signal),
  });
