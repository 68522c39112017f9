'use client';
import type { MouseEvent, ReactNode } from 'react';
import type { Column } from './data-table';
import { cellClass } from './header-cell';

/** One row; the cell that names it is its header. */
export function TableRow<Row>({
  row,
  index,
  columns,
  pick,
  isSelected,
  isCurrent,
  opens,
  rowIndex,
  twoLine,
  onClick,
}: {
  row: Row;
  index: number;
  columns: readonly Column<Row>[];
  /** The box that chooses it; null where rows are not chosen. */
  pick: ReactNode | null;
  isSelected: boolean;
  isCurrent: boolean;
  opens: boolean;
  /** Its number among all, where only some are drawn. */
  rowIndex: number | undefined;
  twoLine: boolean;
  onClick: (event: MouseEvent, row: Row, index: number) => void;
}) {
  return (
    <tr
      tabIndex={-1}
      data-index={index}
      className={[isSelected ? 'sel' : '', isCurrent ? 'cur' : ''].filter(Boolean).join(' ') || undefined}
      data-open={opens ? '' : undefined}
      aria-rowindex={rowIndex}
      aria-selected={pick === null ? undefined : isSelected}
      onClick={(event) => onClick(event, row, index)}
    >
      {pick === null ? null : <td className="pick">{pick}</td>}
      {columns.map((column) => {
        const className = cellClass(column, twoLine);
        const content = column.cell(row, index);
        return column.isRowHeader ? (
          <th key={column.id} scope="row" className={className}>
            {content}
          </th>
        ) : (
          <td key={column.id} className={className}>
            {content}
          </td>
        );
      })}
    </tr>
  );
}
