import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run('alter table "account" add column "confirmedAt" bigint');
  for (const column of ['"raisedRole" text', '"raisedUntil" bigint', '"raisedReason" text'])
    await run(`alter table "session" add column ${column}`);
}
