import { useRef } from 'react';
import type { Selection } from './data-table';

/** Which of the rows are chosen, and how a row, a range or the page is. */
export function useRowSelection<Row>(
  list: readonly Row[],
  rowKey: (row: Row) => string,
  selection: Selection<Row> | undefined,
) {
  const anchor = useRef<string | null>(null);
  const canSelect = (row: Row) => selection?.canSelect?.(row) ?? true;
  const isSelected = (row: Row) => selection?.selected.has(rowKey(row)) ?? false;
  const onPage = list.filter(canSelect);
  const chosen = onPage.filter(isSelected).length;
  const choose = (rows: readonly Row[], on: boolean) => {
    const next = new Set(selection?.selected);
    for (const row of rows) {
      if (!canSelect(row)) continue;
      if (on) next.add(rowKey(row));
      else next.delete(rowKey(row));
    }
    selection?.onChange(next);
  };
  return {
    canSelect,
    isSelected,
    /** Rows that can be chosen. */
    size: onPage.length,
    page: onPage.length > 0 && chosen === onPage.length ? true : chosen > 0 ? ('mixed' as const) : false,
    select: (index: number, on: boolean, isRange: boolean) => {
      const start = isRange ? list.findIndex((row) => rowKey(row) === anchor.current) : -1;
      const other = start >= 0 ? start : index;
      const row = list[index];
      anchor.current = row === undefined ? null : rowKey(row);
      selection?.matching?.onToggle(false);
      choose(list.slice(Math.min(other, index), Math.max(other, index) + 1), on);
    },
    selectPage: (on: boolean) => {
      if (!on) selection?.matching?.onToggle(false);
      choose(list, on);
    },
  };
}
