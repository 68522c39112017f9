/** SQLite takes 32,766 parameters a statement; 500 rows of any of our tables stay below. */
export function* chunks<T>(rows: readonly T[], size = 500): Generator<T[]> {
  for (let from = 0; from < rows.length; from += size) yield rows.slice(from, from + size);
}
