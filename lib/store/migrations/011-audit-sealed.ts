import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run('alter table "audit" add column "authMethod" text');
  await run('alter table "audit" add column "sessionHash" text');

  for (const act of ['update', 'delete']) {
    await run(`create trigger "auditNo_${act}" before ${act} on "audit"
      begin select raise(abort, 'the audit trail is append-only'); end`);
  }
  // `insert or replace` fires no delete trigger.
  await run(`create trigger "auditAtEnd" before insert on "audit"
    when new."seq" <> (select coalesce(max("seq"), 0) + 1 from "audit")
    begin select raise(abort, 'the audit trail grows at its end only'); end`);

  await run('create table "auditFeed" ("name" text primary key, "seq" integer not null, "hash" text not null)');
}
