import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run(`create table "audit" (
    "seq" integer primary key, "prevHash" text not null, "hash" text not null, "at" bigint not null,
    "actorId" text not null, "actorName" text not null, "actorRole" text not null, "ip" text, "requestId" text,
    "operationId" text, "cluster" text, "action" text not null, "resourceType" text not null, "resourceName" text not null,
    "paramsJson" text, "previewHash" text, "phase" text not null, "outcome" text not null, "countsJson" text, "error" text)`);
  await run('create index "auditOperation" on "audit" ("operationId", "phase")');
  await run('create index "auditAt" on "audit" ("at")');
}
