import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  // Counted when a plan is made, a million letters are read one by one; so they are counted as they come and go.
  await run(`create table "letterTally" (
    "groupId" bigint not null, "broker" text not null, "originTopic" text not null, "isEmpty" bigint not null,
    "count" bigint not null, "bytes" bigint not null,
    primary key ("groupId", "broker", "originTopic", "isEmpty")) without rowid`);
  await run(`insert into "letterTally"
    select "groupId", "broker", coalesce("originTopic", ''), "bodyBytes" = 0,
      sum("goneAt" is null), sum(case when "goneAt" is null then "bodyBytes" else 0 end)
    from "letter" group by 1, 2, 3, 4`);
  const ofLetter = `"groupId" = OLD."groupId" and "broker" = OLD."broker" and "originTopic" = coalesce(OLD."originTopic", '')
    and "isEmpty" = (OLD."bodyBytes" = 0)`;
  for (const [name, event, sign] of [
    ['letterWent', 'update of "goneAt" on "letter" when OLD."goneAt" is null and NEW."goneAt" is not null', '-'],
    ['letterCameBack', 'update of "goneAt" on "letter" when OLD."goneAt" is not null and NEW."goneAt" is null', '+'],
    ['letterDeleted', 'delete on "letter" when OLD."goneAt" is null', '-'],
  ])
    await run(`create trigger "${name}" after ${event} begin update "letterTally"
      set "count" = "count" ${sign} 1, "bytes" = "bytes" ${sign} OLD."bodyBytes" where ${ofLetter}; end`);
  // It tells the topics too, and whether some are not known.
  await run('drop table "letterOrigin"');

  // With tag and time behind them, letters with both are counted, and those with a key put in order, in the index alone.
  await run('drop index "letterKeys"');
  await run(
    'create index "letterKeys" on "letter" ("groupId", "goneAt", "keys", "tag", "storedAt") where "goneAt" is null',
  );
}
