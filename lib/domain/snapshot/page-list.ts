import type { Known } from '@/lib/contract/primitives';
import { isKnown } from '@/lib/contract/primitives';
import { DomainError } from '../errors';

export interface ListRequest {
  sort?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

type SortKey = string | number | null;
export type SortFields<Row> = Readonly<Record<string, (row: Row) => SortKey>>;

/**
 * Sorts by a listed field (a leading minus descends; unknown figures come last either way; ties by name) and
 * cuts the page that the cursor names. `DomainError` INVALID `unknown_sort` or `invalid_cursor`.
 */
export function pageOf<Row>(
  rows: readonly Row[],
  request: ListRequest,
  fields: SortFields<Row>,
  options: { defaultSort: string; nameOf(row: Row): string },
): { items: Row[]; total: number; nextCursor: string | null } {
  const cursor = readCursor(request.cursor);
  const sort = request.sort ?? cursor?.sort ?? options.defaultSort;
  if (cursor && cursor.sort !== sort) throw new DomainError('INVALID', 'invalid_cursor');
  const isDescending = sort.startsWith('-');
  const field = isDescending ? sort.slice(1) : sort;
  const keyOf = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (!keyOf)
    throw new DomainError('INVALID', 'unknown_sort', {
      sort: field.slice(0, 60),
      known: Object.keys(fields).join(', '),
    });
  const sorted = rows
    .map((row) => ({ row, key: keyOf(row), name: options.nameOf(row) }))
    .sort((a, b) => compare(a.key, b.key, isDescending) || compareText(a.name, b.name));
  const from = cursor?.offset ?? 0;
  const to = from + request.limit;
  return {
    items: sorted.slice(from, to).map(({ row }) => row),
    total: rows.length,
    nextCursor: to < rows.length ? writeCursor({ offset: to, sort }) : null,
  };
}

function compare(a: SortKey, b: SortKey, isDescending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = typeof a === 'string' || typeof b === 'string' ? compareText(String(a), String(b)) : a - b;
  return isDescending ? -order : order;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Cursor {
  offset: number;
  sort: string;
}

const writeCursor = ({ offset, sort }: Cursor): string =>
  Buffer.from(JSON.stringify([offset, sort])).toString('base64url');

function readCursor(text: string | undefined): Cursor | null {
  if (text === undefined) return null;
  try {
    const [offset, sort] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, unknown];
    if (Number.isSafeInteger(offset) && (offset as number) >= 0 && typeof sort === 'string')
      return { offset: offset as number, sort };
  } catch {
    // Falls through to the one refusal.
  }
  throw new DomainError('INVALID', 'invalid_cursor');
}

/** Case-insensitive substring of the name. */
export function matches(name: string, query: string | undefined): boolean {
  return !query || name.toLowerCase().includes(query.toLowerCase());
}

/** Splits figures into the wire form: numbers or null, and the reasons of what is null or leaves something out. */
export function toWire<Field extends string>(
  figures: Readonly<Record<Field, Known<number>>>,
  partial: Partial<Record<Field, string | null>> = {},
): { values: Record<Field, number | null>; unknown: Record<string, string> | undefined } {
  const values = {} as Record<Field, number | null>;
  const reasons: Record<string, string> = {};
  for (const [field, figure] of Object.entries(figures) as [Field, Known<number>][]) {
    values[field] = isKnown(figure) ? figure.value : null;
    const reason = isKnown(figure) ? partial[field] : figure.unknown;
    if (reason) reasons[field] = reason;
  }
  return { values, unknown: Object.keys(reasons).length > 0 ? reasons : undefined };
}
