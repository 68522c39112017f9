import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  // By what the failure is and not by its number: a ledger that is read anew gives other numbers.
  await run(`create table "failureNote" (
    "id" integer primary key, "cluster" text not null, "group" text not null, "kind" text not null, "key" text not null,
    "text" text not null, "writtenBy" text not null, "writtenAt" bigint not null)`);
  await run('create unique index "failureNoteOnce" on "failureNote" ("cluster", "group", "kind", "key")');

  await run(`create table "letterTrace" (
    "groupId" bigint not null, "broker" text not null, "phyOffset" bigint not null, "result" text not null, "client" text,
    "tracedAt" bigint not null, primary key ("groupId", "broker", "phyOffset")) without rowid`);
}
