import { Icon } from '@/components/ui/icon';
import type { Column } from './data-table';

const priorityClass = <Row,>(column: Column<Row>) =>
  column.priority && column.priority > 1 ? `p${column.priority}` : column.phone === false ? 'hide-m' : '';
export const cellClass = <Row,>(column: Column<Row>, twoLine: boolean) =>
  [column.align === 'right' ? 'r' : '', priorityClass(column), column.className ?? '', twoLine ? 'two-line' : '']
    .filter(Boolean)
    .join(' ') || undefined;

/** Sorts by a click where the server can. */
export function HeaderCell<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}) {
  const className = [column.align === 'right' ? 'r' : '', priorityClass(column)].filter(Boolean).join(' ') || undefined;
  const field = column.sort;
  if (!field || !onSort)
    return (
      <th scope="col" className={className}>
        {column.header}
      </th>
    );
  const active = sort === field ? 'ascending' : sort === `-${field}` ? 'descending' : undefined;
  const first = column.firstDirection ?? (column.align === 'right' ? 'desc' : 'asc');
  const next =
    active === 'ascending' ? `-${field}` : active === 'descending' ? field : first === 'desc' ? `-${field}` : field;
  return (
    <th scope="col" className={className} aria-sort={active}>
      <button type="button" onClick={() => onSort(next)}>
        {column.header}
        {active ? <Icon name={active === 'ascending' ? 'sorted-up' : 'sorted-down'} size={12} /> : null}
      </button>
    </th>
  );
}
