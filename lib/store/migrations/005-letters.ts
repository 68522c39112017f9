import { type Kysely, sql } from 'kysely';

/** Item states that say something about the letter they were made from; the others leave the word to an earlier job. */
const SPEAKING = `('SELECTED', 'INTENT', 'CONFIRMED', 'STORED_UNCERTAIN', 'DUPLICATED', 'UNKNOWN', 'NEEDS_DECISION')`;

/** Where the journal speaks of one letter. */
const SOURCE = `"broker" = NEW."srcBroker" and "phyOffset" = NEW."srcPhyOffset" and "uniqKey" = NEW."srcUniqKey"`;
const WORD = `("state", "jobId", "handledBy") = (select w."state", w."jobId", w."handledBy" from "letterWord" w where w."id" = "letter"."id")`;

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run('create table "letterGroup" ("id" integer primary key, "cluster" text not null, "name" text not null)');
  await run('create unique index "letterGroupName" on "letterGroup" ("cluster", "name")');

  await run(`create table "letterFailure" (
    "id" integer primary key, "groupId" bigint not null, "kind" text not null, "key" text not null, "label" text not null)`);
  await run('create unique index "letterFailureKey" on "letterFailure" ("groupId", "kind", "key")');

  await run(`create table "letterOrigin" (
    "groupId" bigint not null, "topic" text not null, primary key ("groupId", "topic")) without rowid`);

  await run(`create table "letterSpan" (
    "groupId" bigint not null, "broker" text not null, "queueId" bigint not null, "from" bigint not null, "to" bigint not null,
    "fromAt" bigint, "lastPhyOffset" bigint, "damaged" bigint not null,
    primary key ("groupId", "broker", "queueId", "from")) without rowid`);

  await run(`create table "letter" (
    "id" integer primary key, "groupId" bigint not null, "broker" text not null, "queueId" bigint not null,
    "queueOffset" bigint not null, "phyOffset" bigint not null, "uniqKey" text not null, "keys" text not null, "tag" text not null,
    "originTopic" text, "bornAt" bigint not null, "storedAt" bigint not null, "reconsumeTimes" bigint not null,
    "attempts" bigint not null, "bodyBytes" bigint not null, "causeProperty" text, "causeText" text, "failureId" bigint not null,
    "rdxOp" text, "rdxN" bigint, "state" text not null, "jobId" text, "handledBy" text, "goneAt" bigint)`);
  await run('create index "letterPlace" on "letter" ("groupId", "broker", "phyOffset")');
  await run('create index "letterCopy" on "letter" ("rdxOp", "rdxN") where "rdxOp" is not null');
  for (const [name, columns] of [
    ['letterTime', '"groupId", "storedAt"'],
    ['letterState', '"groupId", "state", "storedAt"'],
    ['letterFailureTime', '"groupId", "failureId", "storedAt", "state"'],
    ['letterTag', '"groupId", "tag", "storedAt"'],
    ['letterKeys', '"groupId", "keys"'],
    ['letterUniqKey', '"groupId", "uniqKey"'],
  ])
    await run(`create index "${name}" on "letter" (${columns}) where "goneAt" is null`);

  // The one place that turns what the journal holds into the ledger's words (safety §5.9).
  await run(`create view "letterWord" as
    select l."id" as "id",
      case
        when coalesce(h."handledAt", w."handledAt") >= coalesce(o."createdAt", 0) then 'handled'
        when i."terminalReason" in ('consumed', 'consumed_later') then 'consumed'
        when i."state" in ('SELECTED', 'INTENT') then 'redriving'
        when i."state" in ('CONFIRMED', 'STORED_UNCERTAIN', 'DUPLICATED') then 'redriven'
        when i."state" is not null then 'unknown'
        when l."rdxOp" is not null then 'dead_again'
        else 'dead'
      end as "state",
      case
        when coalesce(h."handledAt", w."handledAt") >= coalesce(o."createdAt", 0) then coalesce(h."operationId", w."operationId")
        else coalesce(i."operationId", l."rdxOp")
      end as "jobId",
      case
        when coalesce(h."handledAt", w."handledAt") >= coalesce(o."createdAt", 0) then coalesce(h."handledBy", w."handledBy")
      end as "handledBy"
    from "letter" l
    join "letterGroup" g on g."id" = l."groupId"
    left join "item" i on i."rowid" = (
      select s."rowid" from "item" s join "operation" p on p."id" = s."operationId"
      where s."srcBroker" = l."broker" and s."srcPhyOffset" = l."phyOffset" and s."srcUniqKey" = l."uniqKey"
        and p."cluster" = g."cluster" and p."group" = g."name" and s."state" in ${SPEAKING}
      order by s."operationId" desc limit 1)
    left join "operation" o on o."id" = i."operationId"
    left join "handled" h on h."cluster" = g."cluster" and h."group" = g."name" and h."broker" = l."broker"
      and h."phyOffset" = l."phyOffset" and h."uniqKey" = l."uniqKey" and h."reopenedAt" is null
    left join "handledWatermark" w on w."cluster" = g."cluster" and w."group" = g."name" and w."broker" = l."broker"
      and w."queueId" = l."queueId" and w."belowOffset" > l."queueOffset" and w."endedAt" is null`);

  const ofJob = `"groupId" = (select g."id" from "letterGroup" g join "operation" o on o."cluster" = g."cluster" and o."group" = g."name"
    where o."id" = NEW."operationId")`;
  const ofGroup = `"groupId" = (select g."id" from "letterGroup" g where g."cluster" = NEW."cluster" and g."name" = NEW."group")`;
  const oneLetter = `"broker" = NEW."broker" and "phyOffset" = NEW."phyOffset" and "uniqKey" = NEW."uniqKey"`;
  const oneQueue = `"broker" = NEW."broker" and "queueId" = NEW."queueId" and "queueOffset" < NEW."belowOffset"`;
  const triggers: [string, string, string, string][] = [
    ['letterItemAdded', 'insert on "item"', WORD, `${ofJob} and ${SOURCE}`],
    ['letterItemMoved', 'update of "state", "terminalReason" on "item"', WORD, `${ofJob} and ${SOURCE}`],
    ['letterHandled', 'insert on "handled"', WORD, `${ofGroup} and ${oneLetter}`],
    ['letterReopened', 'update of "reopenedAt" on "handled"', WORD, `${ofGroup} and ${oneLetter}`],
    ['letterAllHandled', 'insert on "handledWatermark"', WORD, `${ofGroup} and ${oneQueue}`],
    ['letterAllReopened', 'update of "endedAt" on "handledWatermark"', WORD, `${ofGroup} and ${oneQueue}`],
  ];
  for (const [name, event, set, where] of triggers)
    await run(`create trigger "${name}" after ${event} begin update "letter" set ${set} where ${where}; end`);
}
