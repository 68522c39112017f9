import { type GroupRows, type RowPart, rowsOfPart } from '../snapshot/group-rows';

export interface MovedRow {
  part: RowPart;
  row: number;
  /** Its row before. */
  old: number;
}

/** Rows that both have and of which an offset differs. Columns that have not changed are the same object. */
export function* movedRows(now: GroupRows, before: GroupRows): Generator<MovedRow> {
  const { committed, max } = before;
  if (now.committed === committed && now.max === max && now.parts === before.parts) return;
  const places = now.parts === before.parts ? null : placesOf(before);
  for (const part of now.parts) {
    for (const row of rowsOfPart(part)) {
      const old = places ? places.get(keyOf(part, row)) : row;
      if (old === undefined) continue;
      if (now.committed[row] !== committed[old] || now.max[row] !== max[old]) yield { part, row, old };
    }
  }
}

/** Rows of `now` that `before` does not have. */
export function* newRows(now: GroupRows, before: GroupRows | undefined): Generator<{ part: RowPart; row: number }> {
  if (now.parts === before?.parts) return;
  const places = before && placesOf(before);
  for (const part of now.parts)
    for (const row of rowsOfPart(part)) if (!places?.has(keyOf(part, row))) yield { part, row };
}

const keyOf = ({ topic, broker, queueIds, from }: RowPart, row: number) => `${topic} ${broker} ${queueIds[row - from]}`;

function placesOf({ parts }: GroupRows): Map<string, number> {
  const places = new Map<string, number>();
  for (const part of parts) for (const row of rowsOfPart(part)) places.set(keyOf(part, row), row);
  return places;
}
