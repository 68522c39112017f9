'use client';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { PartialBanner } from './banner';
import { DataTable, type DataTableProps } from './data-table';
import { PageHeader, type PageHeaderProps } from './page-header';
import type { List, ListTableProp } from './use-list';

type Props<Row> = Omit<DataTableProps<Row>, ListTableProp | 'onOpen'> & {
  list: List<Row>;
  header: PageHeaderProps;
  filter: ReactNode;
  /** Between the sentence and the filters, and under the table. */
  above?: ReactNode;
  below?: ReactNode;
  /** The page of a row. */
  hrefOf: (row: Row) => string;
};

/** Page of one list: which brokers are missing, title and sentence, filters, the table. */
export function ListView<Row>({ list, header, filter, above, below, hrefOf, footer, ...table }: Props<Row>) {
  const router = useRouter();
  const { head } = list;
  return (
    <>
      <PartialBanner failures={head?.failures} onRetry={list.retry} />
      <PageHeader {...header} />
      {above}
      {filter}
      <DataTable
        {...list.table}
        {...table}
        steady
        onOpen={(row) => router.push(hrefOf(row))}
        footer={{ total: head?.total, failures: head?.failures, ...footer }}
      />
      {below}
    </>
  );
}
