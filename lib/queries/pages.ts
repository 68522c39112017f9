import type { z } from 'zod';
import { getJson, type QueryParams } from './fetcher';

/** For `infiniteQueryOptions`: each page names the cursor of the next, the last one none. */
export const pagesOf = <T extends z.ZodType<{ nextCursor: string | null }>>(path: string, input: object) => ({
  queryFn: ({ signal, pageParam }: { signal: AbortSignal; pageParam: string | null }) =>
    getJson<T>(path, { ...input, cursor: pageParam } as QueryParams, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (last: z.output<T>) => last.nextCursor,
});

interface Page {
  items: unknown[];
  total: number;
  nextCursor: string | null;
  failures: { broker: string }[];
}

/** All that a list has, page by page; `onPage` hears how many there are so far. */
export async function readAll(
  path: string,
  input: object,
  onPage: (soFar: number, total: number) => void,
  signal: AbortSignal,
): Promise<Pick<Page, 'items' | 'failures'>> {
  const items: unknown[] = [];
  let cursor: string | null = null;
  for (;;) {
    const page: Page = await getJson<z.ZodType<Page>>(path, { ...input, limit: 500, cursor } as QueryParams, signal);
    items.push(...page.items);
    onPage(items.length, page.total);
    cursor = page.nextCursor;
    if (cursor === null) return { items, failures: page.failures };
  }
}
