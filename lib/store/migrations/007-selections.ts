import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run(`create table "selection" (
    "operationId" text primary key references "operation" ("id"), "count" bigint not null, "listed" bigint not null,
    "afterStoredAt" bigint not null, "afterId" bigint not null, "isOver" bigint not null)`);

  // What became of copies is counted again and again while a job runs, among as many rows as it has letters.
  await run(
    'create index "itemReason" on "item" ("operationId", "terminalReason", "state", "n") where "terminalReason" is not null',
  );

  // With the job behind it the newest one that speaks of a letter is found without sorting.
  await run('drop index "itemSource"');
  await run('create index "itemSource" on "item" ("srcBroker", "srcPhyOffset", "srcUniqKey", "operationId")');

  // The word of a letter is the same before and after the intent.
  await run('drop trigger "letterItemMoved"');
  await run(`create trigger "letterItemMoved" after update of "state", "terminalReason" on "item"
    when not (OLD."state" in ('SELECTED', 'INTENT') and NEW."state" in ('SELECTED', 'INTENT'))
    begin update "letter"
      set ("state", "jobId", "handledBy") = (select w."state", w."jobId", w."handledBy" from "letterWord" w where w."id" = "letter"."id")
      where "groupId" = (select g."id" from "letterGroup" g join "operation" o on o."cluster" = g."cluster" and o."group" = g."name"
          where o."id" = NEW."operationId")
        and "broker" = NEW."srcBroker" and "phyOffset" = NEW."srcPhyOffset" and "uniqKey" = NEW."srcUniqKey"; end`);
}
