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
}
