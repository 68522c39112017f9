import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run(`create table "lagSample" (
    "cluster" text not null, "group" text not null, "topic" text not null, "broker" text not null, "queueId" bigint not null,
    "at" bigint not null, "committed" bigint, "max" bigint, primary key ("cluster", "group", "topic", "broker", "queueId", "at"))`);
  await run('create index "lagSampleAt" on "lagSample" ("cluster", "at")');
  await run(`create table "lagSweep" (
    "cluster" text not null, "at" bigint not null, "failedBrokersJson" text not null, primary key ("cluster", "at"))`);
  await run(`create table "lagGroupSample" (
    "cluster" text not null, "group" text not null, "at" bigint not null, "lag" bigint, "committed" bigint, "max" bigint,
    "unknownQueues" bigint not null, primary key ("cluster", "group", "at"))`);
  await run('create index "lagGroupSampleAt" on "lagGroupSample" ("cluster", "at")');
}
