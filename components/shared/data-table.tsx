'use client';
import { type Key, type MouseEvent, type ReactNode, type UIEvent, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { HeaderCell } from './header-cell';
import { type Matching, MatchingLine } from './matching-line';
import { PendingRows } from './pending-rows';
import { PickBox } from './pick-box';
import { type ErrorLike, ErrorState } from './states';
import { TableFooter, type TableFooterProps } from './table-footer';
import { TableRow } from './table-row';
import { useRowKeys } from './use-row-keys';
import { useRowSelection } from './use-row-selection';
import { useRowWindow } from './use-row-window';
import { useSteadyOrder } from './use-steady-order';

export type Column<Row> = {
  id: string;
  header: ReactNode;
  cell: (row: Row, index: number) => ReactNode;
  align?: 'left' | 'right';
  /** 1 always, 2 leaves when a drawer opens and on a phone, 3 leaves below 1120 px, 4 below 1280 px. */
  priority?: 1 | 2 | 3 | 4;
  /** Leaves on a phone, whatever its priority. */
  phone?: false;
  /** Field name for the server; without it the header is plain text. */
  sort?: string;
  firstDirection?: 'asc' | 'desc';
  /** `clip` takes the remaining width and cuts with an ellipsis. */
  className?: string;
  /** The cell that names the row. */
  isRowHeader?: boolean;
};

export type Selection<Row> = {
  selected: ReadonlySet<string>;
  onChange: (selected: ReadonlySet<string>) => void;
  name: (row: Row) => string;
  /** All that match the filter, on the server's side of the page's edge. */
  matching?: Matching | undefined;
  canSelect?: (row: Row) => boolean;
};

export type DataTableProps<Row> = {
  /** Read out, not shown. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  /** Opens with Enter or a click beside the links of the row. */
  onOpen?: ((row: Row) => void) | undefined;
  /** Key of the row whose drawer is open. */
  openKey?: string | null | undefined;
  sort?: string | undefined;
  onSort?: ((sort: string) => void) | undefined;
  /** Offered where the address asks for an order that no column has. */
  onClearSort?: (() => void) | undefined;
  selection?: Selection<Row> | undefined;
  pending?: boolean;
  error?: ErrorLike | null | undefined;
  errorTitle?: ReactNode;
  onRetry?: (() => void) | undefined;
  /** Empty or no-match state. */
  empty?: ReactNode;
  footer?: Omit<TableFooterProps, 'shown'> | undefined;
  onLoadMore?: (() => void) | undefined;
  loadingMore?: boolean;
  /** One table per page takes the keys. */
  keys?: boolean;
  twoLine?: boolean;
  fill?: boolean;
  tight?: boolean;
  /** Rows keep their places while a mouse points at them. */
  steady?: boolean;
};

/** The next page is asked for when so little is left below. */
const LOAD_AHEAD_PX = 600;

export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  onOpen,
  openKey,
  sort,
  onSort,
  onClearSort,
  selection,
  pending = false,
  error,
  errorTitle,
  onRetry,
  empty,
  footer,
  onLoadMore,
  loadingMore = false,
  keys = true,
  twoLine = false,
  fill = false,
  tight = false,
  steady = false,
}: DataTableProps<Row>) {
  const t = useT('common');
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<{ key: string; index: number } | null>(null);
  const steadied = useSteadyOrder(rows, rowKey, sort);
  const list = (steady ? steadied.rows : rows) ?? [];
  const part = useRowWindow(list.length, scroller);
  const indexOf = (key: string | null | undefined) => (key ? list.findIndex((row) => rowKey(row) === key) : -1);
  const openIndex = indexOf(openKey);
  // New rows above it do not make another row the current one; its place counts only once it is gone.
  const ownIndex = indexOf(current?.key);
  const lastIndex = ownIndex >= 0 ? ownIndex : Math.min(current?.index ?? -1, list.length - 1);
  const shownCurrent = openIndex >= 0 ? openIndex : lastIndex;
  const picks = useRowSelection(list, rowKey, selection);

  useRowKeys(keys && list.length > 0, {
    move: (step) => {
      const next = Math.max(0, Math.min(list.length - 1, shownCurrent + step));
      part.scrollTo(next);
      const row = list[next];
      if (row !== undefined) setCurrent({ key: rowKey(row), index: next });
      if (openIndex >= 0 && row !== undefined) onOpen?.(row);
      else
        requestAnimationFrame(() =>
          scroller.current?.querySelector<HTMLElement>(`tr[data-index="${next}"]`)?.focus({ preventScroll: true }),
        );
    },
    open: () => {
      const row = list[shownCurrent];
      if (row !== undefined) onOpen?.(row);
    },
    toggle: (extend) => {
      const row = list[shownCurrent];
      if (row !== undefined && picks.canSelect(row)) picks.select(shownCurrent, !picks.isSelected(row), extend);
    },
    selectPage: () => picks.selectPage(true),
  });

  const onRowClick = (event: MouseEvent, row: Row, index: number) => {
    if (
      !onOpen ||
      (event.target instanceof Element && event.target.closest('a, button, input, label')) ||
      String(window.getSelection()) !== ''
    )
      return;
    setCurrent({ key: rowKey(row), index });
    onOpen(row);
  };

  const onScroll = ({ currentTarget: { scrollTop, clientHeight, scrollHeight } }: UIEvent) => {
    if (onLoadMore && !loadingMore && scrollTop > 0 && scrollTop + clientHeight > scrollHeight - LOAD_AHEAD_PX)
      onLoadMore();
  };

  if (error && !rows)
    return (
      <div className={`tw${fill ? ' fill' : ''}`}>
        <ErrorState error={error} title={errorTitle} onRetry={onRetry}>
          {onClearSort && sort !== undefined && !columns.some((column) => column.sort === sort.replace(/^-/, '')) ? (
            <Button variant="primary" onClick={onClearSort}>
              {t('table.usualOrder')}
            </Button>
          ) : null}
        </ErrorState>
      </div>
    );
  const isEmpty = rows !== undefined && rows.length === 0 && !pending;
  const span = columns.length + (selection ? 1 : 0);

  return (
    <div className={`tw${fill ? ' fill' : ''}`} aria-busy={pending || undefined}>
      {selection?.matching && picks.page === true && selection.matching.total > picks.size ? (
        <MatchingLine shown={picks.size} matching={selection.matching} />
      ) : null}
      <div ref={scroller} className={`ts${fill ? ' fill' : ''}`} onScroll={onScroll}>
        <table className={tight ? 'tight' : undefined} aria-rowcount={part.isPart ? list.length + 1 : undefined}>
          <caption className="sr">{caption}</caption>
          <thead>
            <tr>
              {selection ? (
                <th className="pick" scope="col">
                  <PickBox
                    name={t('table.selectAll')}
                    checked={picks.page}
                    disabled={picks.size === 0}
                    onChange={picks.selectPage}
                  />
                </th>
              ) : null}
              {columns.map((column) => (
                <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody {...(steady ? steadied.pointing : {})}>
            {rows === undefined ? <PendingRows columns={span} twoLine={twoLine} /> : null}
            <RowGap height={part.before} columns={span} />
            {list.slice(part.from, part.to).map((row, offset) => {
              const index = part.from + offset;
              return (
                <TableRow
                  key={rowKey(row) as Key}
                  row={row}
                  index={index}
                  columns={columns}
                  isSelected={picks.isSelected(row)}
                  isCurrent={index === shownCurrent}
                  opens={onOpen !== undefined}
                  rowIndex={part.isPart ? index + 2 : undefined}
                  twoLine={twoLine}
                  onClick={onRowClick}
                  pick={
                    selection ? (
                      <PickBox
                        name={t('table.selectRow', { name: selection.name(row) })}
                        checked={picks.isSelected(row)}
                        disabled={!picks.canSelect(row)}
                        onChange={(on, isRange) => picks.select(index, on, isRange)}
                      />
                    ) : null
                  }
                />
              );
            })}
            <RowGap height={part.after} columns={span} />
          </tbody>
        </table>
        {isEmpty ? empty : null}
      </div>
      {onLoadMore && rows ? (
        <div className="more">
          <Button size="small" busy={loadingMore} onClick={onLoadMore}>
            {t('loadMore')}
          </Button>
        </div>
      ) : null}
      {footer && !isEmpty ? (
        <TableFooter
          {...footer}
          note={steady && steadied.isHeld ? <span className="hide-m">{t('table.orderHeld')}</span> : footer.note}
          shown={list.length}
          canSelect={Boolean(selection)}
          canOpen={Boolean(onOpen)}
          onRetry={footer.onRetry ?? onRetry}
          keys={keys}
        />
      ) : null}
    </div>
  );
}

/** Stands for rows that are not drawn. */
const RowGap = ({ height, columns }: { height: number; columns: number }) =>
  height > 0 ? (
    <tr>
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  ) : null;
