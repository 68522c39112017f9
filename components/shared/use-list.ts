import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { DataTableProps } from './data-table';
import type { ErrorLike } from './states';

export interface ListPage<Row> {
  items: readonly Row[];
  total: number;
  failures: readonly { broker: string; message?: string }[];
}

/** A list that the server filters, sorts and hands out page by page. */
export interface List<Row, Page extends ListPage<Row> = ListPage<Row>> {
  /** The newest page: it speaks of the whole list. */
  head: Page | undefined;
  /** Of all pages so far. */
  rows: readonly Row[] | undefined;
  retry: () => void;
  /** What a `DataTable` needs of it. */
  table: Pick<DataTableProps<Row>, ListTableProp>;
}
export type ListTableProp = 'rows' | 'pending' | 'error' | 'onRetry' | 'onLoadMore' | 'loadingMore';

export function useList<Page extends ListPage<unknown>>(
  query: UseInfiniteQueryResult<InfiniteData<Page>, ErrorLike>,
): List<Page['items'][number], Page> {
  const pages = query.data?.pages;
  const rows = pages?.flatMap((page): readonly Page['items'][number][] => page.items);
  const retry = () => void query.refetch();
  return {
    head: pages?.at(-1),
    rows,
    retry,
    table: {
      rows,
      pending: query.isPending,
      error: query.error,
      onRetry: retry,
      onLoadMore: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
      loadingMore: query.isFetchingNextPage,
    },
  };
}
