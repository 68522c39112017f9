import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  // Offsets of a topic that was deleted begin again at 0, places in a broker's log never do: what lies behind the newest letter
  // that was marked died later, whatever its offset. Unknown for marks of before.
  await run('alter table "handledWatermark" add column "lastPhyOffset" bigint');

  // As in 005, but for three things: a mark of all ends at that place; what has expired stays so when its job ends without it;
  // and a copy that died for another group than the one it was sent again for died there for the first time.
  await run('drop view "letterWord"');
  await run(`create view "letterWord" as
    select l."id" as "id",
      case
        when coalesce(h."handledAt", w."handledAt") >= coalesce(o."createdAt", 0) then 'handled'
        when i."terminalReason" in ('consumed', 'consumed_later') then 'consumed'
        when i."state" in ('SELECTED', 'INTENT') then 'redriving'
        when i."state" in ('CONFIRMED', 'STORED_UNCERTAIN', 'DUPLICATED') then 'redriven'
        when l."goneAt" is not null then 'expired'
        when i."state" is not null then 'unknown'
        when ${DIED_AGAIN} then 'dead_again'
        else 'dead'
      end as "state",
      case
        when coalesce(h."handledAt", w."handledAt") >= coalesce(o."createdAt", 0) then coalesce(h."operationId", w."operationId")
        else coalesce(i."operationId", case when ${DIED_AGAIN} then l."rdxOp" end)
      end as "jobId",
      case
        when coalesce(h."handledAt", w."handledAt") >= coalesce(o."createdAt", 0) then coalesce(h."handledBy", w."handledBy")
      end as "handledBy"
    from "letter" l
    join "letterGroup" g on g."id" = l."groupId"
    left join "item" i on i."rowid" = (
      select s."rowid" from "item" s join "operation" p on p."id" = s."operationId"
      where s."srcBroker" = l."broker" and s."srcPhyOffset" = l."phyOffset" and s."srcUniqKey" = l."uniqKey"
        and p."cluster" = g."cluster" and p."group" = g."name"
        and s."state" in ('SELECTED', 'INTENT', 'CONFIRMED', 'STORED_UNCERTAIN', 'DUPLICATED', 'UNKNOWN', 'NEEDS_DECISION')
      order by s."operationId" desc limit 1)
    left join "operation" o on o."id" = i."operationId"
    left join "operation" r on r."id" = l."rdxOp"
    left join "handled" h on h."cluster" = g."cluster" and h."group" = g."name" and h."broker" = l."broker"
      and h."phyOffset" = l."phyOffset" and h."uniqKey" = l."uniqKey" and h."reopenedAt" is null
    left join "handledWatermark" w on w."cluster" = g."cluster" and w."group" = g."name" and w."broker" = l."broker"
      and w."queueId" = l."queueId" and w."belowOffset" > l."queueOffset" and w."endedAt" is null
      and coalesce(w."lastPhyOffset" >= l."phyOffset", true)`);
  for (const wrong of [
    `"goneAt" is not null and "state" in ('dead', 'dead_again')`,
    `"rdxOp" is not null and "state" = 'dead_again'`,
  ])
    await run(`update "letter" set ("state", "jobId", "handledBy") =
      (select w."state", w."jobId", w."handledBy" from "letterWord" w where w."id" = "letter"."id") where ${wrong}`);
}

/** A copy whose job nobody knows any more is taken for one of its own group. */
const DIED_AGAIN = `l."rdxOp" is not null and (r."id" is null or r."group" = g."name" and r."cluster" = g."cluster")`;
