import { dehydrate, HydrationBoundary, QueryClient, type QueryKey } from '@tanstack/react-query';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { isNotFound } from '@/lib/server/api-error';

interface PrefetchQuery {
  queryKey: QueryKey;
  queryFn: () => Promise<unknown>;
}

/**
 * Reads in process what the views below will ask for, so that the first HTML holds the rows. An unknown
 * name is a 404 before anything streams; any other failure is left for the browser to ask again and show.
 */
export async function Prefetch({ queries, children }: { queries: PrefetchQuery[]; children: ReactNode }) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const results = await Promise.allSettled(queries.map((query) => client.fetchQuery(query)));
  if (results.some((result) => result.status === 'rejected' && isNotFound(result.reason))) notFound();
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}

/** The first page as an infinite query keeps it. */
export const firstPage = async <Page,>(page: Promise<Page>) => ({ pages: [await page], pageParams: [null] });
