import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run('drop table "lagSample"');
  await run('drop table "lagGroupSample"');
  await run('drop table "lagSweep"');
  await run(`create table "lagSweep" (
    "cluster" text not null, "at" bigint not null, "spanMs" bigint not null, "failedBrokersJson" text not null,
    primary key ("cluster", "at")) without rowid`);
  await run(`create table "lagFrame" (
    "cluster" text not null, "at" bigint not null, "isKey" bigint not null, "body" blob not null, primary key ("cluster", "at"))`);

  await run(`create table "historyGroup" (
    "id" integer primary key, "cluster" text not null, "name" text not null, "firstAt" bigint not null)`);
  await run('create unique index "historyGroupName" on "historyGroup" ("cluster", "name")');
  // By minute first: a sweep writes to a few neighbouring pages, and what is too old goes as one range.
  await run(`create table "historySample" (
    "minute" bigint not null, "groupId" bigint not null, "at" bigint not null, "spanMs" bigint not null,
    "produced" bigint not null, "consumed" bigint not null, "lag" bigint, "oldestAt" bigint, "age" bigint not null,
    "waiting" bigint, "due" bigint, "dead" bigint, "state" bigint not null,
    primary key ("minute", "groupId", "at")) without rowid`);
  await run(`create table "historyRollup" (
    "tierMs" bigint not null, "groupId" bigint not null, "at" bigint not null, "spanMs" bigint not null,
    "produced" bigint not null, "consumed" bigint not null, "producedPeak" bigint, "consumedPeak" bigint,
    "lag" bigint, "lagMin" bigint, "lagMax" bigint, "oldestAt" bigint, "age" bigint not null, "ageMaxMs" bigint,
    "waiting" bigint, "due" bigint, "retriesMax" bigint, "dead" bigint, "deadMax" bigint,
    "isKnown" bigint not null, "state" bigint not null,
    primary key ("tierMs", "groupId", "at")) without rowid`);
  await run('create index "historyRollupAt" on "historyRollup" ("tierMs", "at")');
  await run(`create table "historyTier" (
    "cluster" text not null, "tierMs" bigint not null, "rolledTo" bigint not null, primary key ("cluster", "tierMs")) without rowid`);
  await run(`create table "historyGap" (
    "cluster" text not null, "broker" text not null, "from" bigint not null, "to" bigint, "reason" text not null,
    primary key ("cluster", "broker", "from")) without rowid`);
  await run(`create table "historyJump" (
    "groupId" bigint not null, "at" bigint not null, "topic" text not null, "direction" text not null,
    "queues" bigint not null, "messages" bigint not null, primary key ("groupId", "at", "topic", "direction")) without rowid`);
}
