import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run(`create table "account" (
    "id" text primary key, "name" text not null, "nameKey" text not null unique, "subject" text unique, "passwordHash" text,
    "rolesJson" text not null, "createdAt" bigint not null, "disabledAt" bigint)`);

  // Of a session or a token only the hash is kept: who reads this file cannot sign in with it.
  await run(`create table "session" (
    "id" text primary key, "tokenHash" text not null unique, "accountId" text not null, "authMethod" text not null,
    "ip" text not null, "userAgent" text not null, "createdAt" bigint not null, "lastSeenAt" bigint not null,
    "expiresAt" bigint not null)`);
  await run('create index "sessionAccount" on "session" ("accountId")');

  await run(`create table "apiToken" (
    "id" text primary key, "tokenHash" text not null unique, "accountId" text not null, "name" text not null,
    "scopeJson" text not null, "createdAt" bigint not null, "expiresAt" bigint not null, "lastUsedAt" bigint)`);
  await run('create index "apiTokenAccount" on "apiToken" ("accountId")');
}
