import { type Compilable, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from './schema';

/**
 * Rows as one JSON text, to read with `value ->> column`: thousands of bound values, or of statements, would cost the
 * thread that sends them more than the store.
 */
export const jsonRows = <Row>(rows: readonly Row[], columns: readonly (keyof Row)[]): string =>
  JSON.stringify(rows.map((row) => columns.map((column) => row[column])));

/** `value ->> 0 as "a", value ->> 1 as "b"` */
export const jsonColumns = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(columns.map((column, index) => sql`value ->> ${sql.raw(String(index))} as ${sql.ref(column)}`));

/** For `store.batch`. */
export const statement = (db: Kysely<Schema>, query: RawBuilder<unknown>): Compilable => ({
  compile: () => query.compile(db),
});
