import { type Kysely, sql } from 'kysely';

/** A mark of all is raised and lowered by pages, each of which renews the words of its own letters: a trigger would renew a million at once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const name of ['letterAllHandled', 'letterAllReopened']) await sql.raw(`drop trigger "${name}"`).execute(db);
}
