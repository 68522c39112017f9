/**
 * LOCKED: another process owns the store. CORRUPT: the file is damaged. UNAVAILABLE: it cannot be
 * written or read now (disk full, read-only, worker gone). CONSTRAINT: a unique or foreign key refused
 * the row. QUERY: our own mistake.
 */
export type StoreErrorCode = 'LOCKED' | 'CORRUPT' | 'UNAVAILABLE' | 'CONSTRAINT' | 'QUERY';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** By name: the server's bundles (instrumentation, routes) each hold a copy of this class. */
  static [Symbol.hasInstance](value: unknown): value is StoreError {
    return value instanceof Error && value.name === 'StoreError';
  }
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    /** SQLite's own code, e.g. `SQLITE_FULL`. */
    readonly sqliteCode?: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export const isUniqueViolation = (error: unknown): error is StoreError =>
  error instanceof StoreError &&
  error.code === 'CONSTRAINT' &&
  /UNIQUE|PRIMARYKEY/.test(`${error.sqliteCode} ${error.message}`);

export function toStoreError(failure: { code?: string; message: string }): StoreError {
  const sqlite = failure.code ?? '';
  if (/CONSTRAINT/.test(sqlite) || /constraint failed/i.test(failure.message)) {
    return new StoreError('CONSTRAINT', failure.message, sqlite);
  }
  if (/CORRUPT|NOTADB/.test(sqlite) || /malformed|not a database/i.test(failure.message)) {
    return new StoreError(
      'CORRUPT',
      `The store file is damaged (${failure.message}). Keep a copy of it, then start with an empty data directory.`,
      sqlite,
    );
  }
  if (
    /FULL|IOERR|READONLY|CANTOPEN|BUSY|LOCKED|NOMEM|PERM|INTERRUPT/.test(sqlite) ||
    /disk is full|readonly|disk I\/O|unable to open/i.test(failure.message)
  ) {
    return new StoreError('UNAVAILABLE', `The store cannot be used now: ${failure.message}.`, sqlite);
  }
  return new StoreError('QUERY', failure.message, sqlite);
}
