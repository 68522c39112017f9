import { Kysely, Migrator } from 'kysely';
import { WorkerDialect, WorkerDriver } from './dialect';
import { MIGRATIONS } from './migrations/all';
import type { Schema } from './schema';
import { WorkerClient } from './worker-client';

/** A store as a release had it that did not know `migration`, for example '010', yet; `fill` writes into it. */
export async function makeEarlierStore(
  dir: string,
  migration: string,
  fill: (db: Kysely<Schema>) => Promise<unknown>,
): Promise<void> {
  const before = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < migration));
  const worker = new WorkerClient({ file: `${dir}/redrive.db`, lockFile: `${dir}/redrive.lock` });
  await worker.send({ type: 'open' });
  const db = new Kysely<Schema>({ dialect: new WorkerDialect(new WorkerDriver(worker)) });
  await new Migrator({ db, provider: { getMigrations: async () => before } }).migrateToLatest();
  await fill(db);
  await db.destroy();
}
