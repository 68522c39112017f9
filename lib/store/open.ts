import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { Kysely, Migrator } from 'kysely';
import type { BatchStatement } from './batch';
import { type Carrier, type Reader, WorkerDialect, WorkerDriver } from './dialect';
import { StoreError } from './errors';
import { MIGRATIONS } from './migrations/all';
import type { Schema } from './schema';
import { type StoreTables, tablesOver } from './tables';
import { WorkerClient } from './worker-client';

export interface Store extends StoreTables {
  /** What `work` does through `tables` is committed together. Inside, never use the store itself: it sees what is committed, and writes after this. */
  transaction<T>(work: (tables: StoreTables) => Promise<T>): Promise<T>;
  /**
   * Runs the statements in one commit, by one message to the worker. It is on the disk afterwards, unless `isRebuilt`: of
   * what is read from the cluster again, a power failure may take the last commits.
   */
  batch(statements: readonly BatchStatement[], how?: { isRebuilt: boolean }): Promise<void>;
  close(): Promise<void>;
}

export interface StoreLog {
  info(fields: object, message: string): void;
}

/**
 * Opens the store below `dir`, creating and migrating it as needed. `StoreError`: LOCKED when another
 * process has it, CORRUPT when the file is damaged, UNAVAILABLE when it cannot be written.
 */
export async function openStore({
  dir,
  log,
  maxPages,
}: {
  dir: string;
  log?: StoreLog;
  maxPages?: number;
}): Promise<Store> {
  const file = path.join(dir, 'redrive.db');
  const ownerFile = path.join(dir, 'redrive.owner.json');
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StoreError(
      'UNAVAILABLE',
      `The data directory ${dir} cannot be created: ${(cause as Error).message}.`,
      undefined,
      { cause },
    );
  }
  const worker = new WorkerClient({ file, lockFile: path.join(dir, 'redrive.lock'), ownerFile, maxPages });
  try {
    await worker.send({ type: 'open' });
    writeFileSync(ownerFile, JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() }));
    const store = storeOver(worker, () => new WorkerClient({ file, isReader: true }));
    await migrate(store.db, log);
    return store;
  } catch (error) {
    await worker.stop();
    if (error instanceof StoreError && error.code === 'LOCKED') {
      throw new StoreError(
        'LOCKED',
        `The store in ${dir} is in use by ${owner(ownerFile)}. Stop it, or set another REDRIVE_DATA_DIR.`,
      );
    }
    throw error;
  }
}

/** The store below `dir` for somebody who only reads, beside the console that owns it. UNAVAILABLE when none is there. */
export async function openReader(dir: string): Promise<Pick<Store, 'audit' | 'close'>> {
  const file = path.join(dir, 'redrive.db');
  // SQLite would make one.
  if (!existsSync(file)) throw new StoreError('UNAVAILABLE', `There is no store in ${dir}: ${file} is missing.`);
  return storeOver(new WorkerClient({ file, isReader: true }));
}

/** A store whose file is open and migrated. */
export function storeOver(carrier: Carrier, makeReader?: () => Reader): Store {
  const driver = new WorkerDriver(carrier, makeReader);
  const db = new Kysely<Schema>({ dialect: new WorkerDialect(driver) });
  return {
    ...tablesOver(db),
    transaction: (work) => db.transaction().execute((transaction) => work(tablesOver(transaction))),
    batch: (statements, { isRebuilt } = { isRebuilt: false }) =>
      driver.batch(
        statements.map((statement) => {
          const { sql, parameters } = statement.compile();
          return { sql, parameters, isGuard: statement.isGuard, byColumn: statement.byColumn };
        }),
        isRebuilt,
      ),
    close: () => driver.close(),
  };
}

async function migrate(db: Kysely<Schema>, log?: StoreLog): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results } = await migrator.migrateToLatest();
  for (const { migrationName, status } of results ?? []) log?.info({ migrationName, status }, 'store migration');
  if (error instanceof StoreError) throw error;
  if (error)
    throw new StoreError('QUERY', `The store could not be migrated: ${(error as Error).message}`, undefined, {
      cause: error,
    });
}

function owner(file: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(file, 'utf8'));
    return `process ${pid} on ${host} (since ${since})`;
  } catch {
    return 'another process';
  }
}
