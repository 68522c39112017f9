import type { z } from 'zod';
import { getJson, type QueryParams } from './fetcher';

/** For `infiniteQueryOptions`: each page names the cursor of the next, the last one none. */
export const pagesOf = <T extends z.ZodType<{ nextCursor: string | null }>>(path: string, input: object) => ({
  queryFn: ({ signal, pageParam }: { signal: AbortSignal; pageParam: string | null }) =>
    getJson<T>(path, { ...input, cursor: pageParam } as QueryParams, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last: z.output<T>) => last.nextCursor,
});
