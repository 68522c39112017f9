'use client';
import { type PointerEvent, useRef, useState } from 'react';

/**
 * While a mouse points at the rows they keep their places: figures change, the order does not, what is new comes last. A list
 * that is refreshed every few seconds must not exchange the row under a click. Another `sort` is followed at once.
 */
export function useSteadyOrder<Row>(rows: readonly Row[] | undefined, rowKey: (row: Row) => string, sort = '') {
  const [isPointing, setPointing] = useState(false);
  const shown = useRef<{ sort: string; keys: readonly string[] }>({ sort, keys: [] });
  const arranged = isPointing && shown.current.sort === sort && rows ? inOrder(rows, rowKey, shown.current.keys) : rows;
  shown.current = { sort, keys: arranged?.map(rowKey) ?? [] };
  return {
    rows: arranged,
    /** Some row would stand elsewhere. */
    isHeld: arranged !== rows && arranged?.some((row, index) => row !== rows?.[index]) === true,
    pointing: {
      onPointerEnter: (event: PointerEvent) => setPointing(event.pointerType === 'mouse'),
      onPointerLeave: () => setPointing(false),
    },
  };
}

function inOrder<Row>(rows: readonly Row[], rowKey: (row: Row) => string, keys: readonly string[]): readonly Row[] {
  const place = new Map(keys.map((key, index) => [key, index]));
  const placeOf = (row: Row) => place.get(rowKey(row)) ?? keys.length;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}
