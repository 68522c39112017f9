import type { Compilable } from 'kysely';

/** Values of an insert, by column; a number that is not in a `Float64Array` costs the threads more. */
export type Columns = readonly (Float64Array | readonly (string | number | null)[])[];

/** A statement of `store.batch`. */
export interface BatchStatement extends Compilable {
  /** A select: when it finds a row, nothing of the batch is written. */
  isGuard?: boolean;
  /** Rows of an insert that names its columns and has no values: the parameters are the first of each row, then come these. */
  byColumn?: Columns;
}
