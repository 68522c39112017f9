import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // A list that is still being read ends at the oldest letter of a stretch, wherever in its millisecond that lies.
  await sql.raw('alter table "letterSpan" add column "fromPhyOffset" bigint').execute(db);
  await sql
    .raw(`update "letterSpan" as s set "fromPhyOffset" = (
      select l."phyOffset" from "letter" l indexed by "letterPlace"
      where l."groupId" = s."groupId" and l."broker" = s."broker" and l."queueId" = s."queueId"
        and l."queueOffset" >= s."from" and l."queueOffset" < s."to" and l."goneAt" is null
      order by l."phyOffset" limit 1)
    where "fromAt" is not null`)
    .execute(db);

  // Letters of one millisecond are put in order as they are read, so what stands behind the time does no harm any more: with
  // the failure there, letters of a tag and a failure are counted in the index alone.
  await sql.raw('drop index "letterTag"').execute(db);
  await sql
    .raw(
      'create index "letterTag" on "letter" ("groupId", "goneAt", "tag", "storedAt", "failureId") where "goneAt" is null',
    )
    .execute(db);
}
