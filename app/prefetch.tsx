import { dehydrate, HydrationBoundary, QueryClient, type QueryKey } from '@tanstack/react-query';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { ApiError, isNotFound } from '@/lib/server/api-error';

interface PrefetchQuery {
  queryKey: QueryKey;
  queryFn: () => Promise<unknown>;
}

/**
 * Reads in process what the views below will ask for, so that the first HTML holds the rows. An unknown
 * name is a 404 before anything streams. A refusal and an outage are told in that HTML too; what a second
 * attempt may mend is left to the browser.
 */
export async function Prefetch({ queries, children }: { queries: PrefetchQuery[]; children: ReactNode }) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const results = await Promise.allSettled(queries.map((query) => client.fetchQuery(query)));
  if (results.some((result) => result.status === 'rejected' && isNotFound(result.reason))) notFound();
  results.forEach((result, index) => {
    const asked = queries[index];
    if (result.status === 'rejected' && asked) tell(client, asked.queryKey, result.reason);
  });
  const state = dehydrate(client, { shouldDehydrateQuery: ({ state: { status } }) => status !== 'pending' });
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>;
}

/** Leaves the failure as the fields that the views read, or nothing. */
function tell(client: QueryClient, queryKey: QueryKey, error: unknown): void {
  const query = client.getQueryCache().find({ queryKey });
  if (!query) return;
  const isFinal = error instanceof ApiError && (error.status < 500 || error.status === 503);
  if (!isFinal) {
    client.getQueryCache().remove(query);
    return;
  }
  const { status, code, message, hint, requestId } = error;
  query.setState({ error: { name: 'ApiProblem', status, code, message, hint, requestId } as Error });
}

/** The first page as an infinite query keeps it. */
export const firstPage = async <Page,>(page: Promise<Page>) => ({ pages: [await page], pageParams: [null] });
