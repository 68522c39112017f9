import { type Kysely, sql } from 'kysely';
import { floorTo, KEEP_MS, MINUTE_MS, TEN_MINUTES_MS } from './history-write';
import type { Schema } from './schema';

/**
 * Once a minute: samples of the minutes that have ended become rows of their tier, minutes rows of ten minutes, and what
 * is older than its tier keeps goes. Runs within the store's thread; after a restart it takes up where it was.
 */
export async function rollUp(scope: Kysely<Schema>, cluster: string, at: number): Promise<void> {
  const minutes = await spanOf(scope, cluster, MINUTE_MS, at);
  if (!minutes) return;
  await sql`${rollupInto} select ${MINUTE_MS}, of."groupId", of."bucket", cover."spanMs", of."produced", of."consumed",
      iif(cover."spanMs" >= 10000, of."produced" * 1000000 / cover."spanMs", null),
      iif(cover."spanMs" >= 10000, of."consumed" * 1000000 / cover."spanMs", null),
      known."lag", of."lagMin", of."lagMax", known."oldestAt", coalesce(known."age", 3), of."ageMaxMs",
      known."waiting", known."due", of."retriesMax", known."dead", of."deadMax", known."at" is not null, ended."state"
    from (
      select "groupId", "minute" as "bucket", sum("produced") as "produced", sum("consumed") as "consumed",
        min("lag") as "lagMin", max("lag") as "lagMax",
        -- An estimate is no peak beside what has been read.
        iif(max("age" = 1), max(case "age" when 0 then 0 when 1 then "at" - "oldestAt" end),
          max(case when "age" = 0 then 0 when "age" = 2 then "at" - "oldestAt" end)) as "ageMaxMs",
        max("waiting" + "due") as "retriesMax", max("dead") as "deadMax",
        max("at") as "endedAt", max(case when "state" = 0 then "at" end) as "knownAt"
      from "historySample" join "historyGroup" on "historyGroup"."id" = "groupId" and "cluster" = ${cluster}
      where "minute" >= ${minutes.from} and "minute" < ${minutes.to} group by "minute", "groupId"
    ) as of
    join "historySample" as ended
      on ended."minute" = of."bucket" and ended."groupId" = of."groupId" and ended."at" = of."endedAt"
    left join "historySample" as known
      on known."minute" = of."bucket" and known."groupId" = of."groupId" and known."at" = of."knownAt"
    ${coverBy(cluster, minutes, MINUTE_MS)}`.execute(scope);
  await setRolledTo(scope, cluster, MINUTE_MS, minutes.to);

  const tens = await spanOf(scope, cluster, TEN_MINUTES_MS, at);
  if (tens) {
    await sql`${rollupInto} select ${TEN_MINUTES_MS}, of."groupId", of."bucket", cover."spanMs", of."produced", of."consumed",
        of."producedPeak", of."consumedPeak", known."lag", of."lagMin", of."lagMax", known."oldestAt",
        coalesce(known."age", 3), of."ageMaxMs", known."waiting", known."due", of."retriesMax", known."dead", of."deadMax",
        known."at" is not null, ended."state"
      from (
        select "groupId", "at" - "at" % ${TEN_MINUTES_MS} as "bucket", sum("produced") as "produced",
          sum("consumed") as "consumed", max("producedPeak") as "producedPeak", max("consumedPeak") as "consumedPeak",
          min("lagMin") as "lagMin", max("lagMax") as "lagMax", max("ageMaxMs") as "ageMaxMs",
          max("retriesMax") as "retriesMax", max("deadMax") as "deadMax", max("at") as "endedAt",
          max(case when "isKnown" = 1 then "at" end) as "knownAt"
        from "historyRollup" join "historyGroup" on "historyGroup"."id" = "groupId" and "cluster" = ${cluster}
        where "tierMs" = ${MINUTE_MS} and "at" >= ${tens.from} and "at" < ${tens.to} group by "groupId", "bucket"
      ) as of
      join "historyRollup" as ended
        on ended."tierMs" = ${MINUTE_MS} and ended."groupId" = of."groupId" and ended."at" = of."endedAt"
      left join "historyRollup" as known
        on known."tierMs" = ${MINUTE_MS} and known."groupId" = of."groupId" and known."at" = of."knownAt"
      ${coverBy(cluster, tens, TEN_MINUTES_MS)}`.execute(scope);
    await setRolledTo(scope, cluster, TEN_MINUTES_MS, tens.to);
    await expireTenMinutes(scope, at);
  }
  await expire(scope, cluster, at);
}

const rollupInto = sql`insert or replace into "historyRollup" ("tierMs", "groupId", "at", "spanMs", "produced", "consumed",
  "producedPeak", "consumedPeak", "lag", "lagMin", "lagMax", "oldestAt", "age", "ageMaxMs", "waiting", "due", "retriesMax",
  "dead", "deadMax", "isKnown", "state")`;

/** How much time the sweeps of a bucket have covered: what was counted in it was counted over this. */
const coverBy = (cluster: string, { from, to }: { from: number; to: number }, tierMs: number) => sql`join (
    select "at" - "at" % ${tierMs} as "bucket", sum("spanMs") as "spanMs" from "lagSweep"
    where "cluster" = ${cluster} and "at" >= ${from} and "at" < ${to} group by 1
  ) as cover on cover."bucket" = of."bucket"`;

/** Buckets of the tier that have ended and are not in it yet; null when there is none. */
async function spanOf(
  scope: Kysely<Schema>,
  cluster: string,
  tierMs: number,
  at: number,
): Promise<{ from: number; to: number } | null> {
  const tier = await scope
    .selectFrom('historyTier')
    .select('rolledTo')
    .where('cluster', '=', cluster)
    .where('tierMs', '=', tierMs)
    .executeTakeFirst();
  const from = Math.max(tier?.rolledTo ?? 0, floorTo(at - KEEP_MS.samples, tierMs));
  const to = floorTo(at, tierMs);
  return from < to ? { from, to } : null;
}

async function setRolledTo(scope: Kysely<Schema>, cluster: string, tierMs: number, rolledTo: number): Promise<void> {
  await scope
    .insertInto('historyTier')
    .values({ cluster, tierMs, rolledTo })
    .onConflict((conflict) => conflict.columns(['cluster', 'tierMs']).doUpdateSet({ rolledTo }))
    .execute();
}

async function expire(scope: Kysely<Schema>, cluster: string, at: number): Promise<void> {
  const keptFrom = at - KEEP_MS.tenMinutes;
  await scope
    .deleteFrom('historySample')
    .where('minute', '<', floorTo(at - KEEP_MS.samples, MINUTE_MS))
    .execute();
  await scope
    .deleteFrom('lagSweep')
    .where('cluster', '=', cluster)
    .where('at', '<', at - KEEP_MS.samples)
    .execute();
  await scope
    .deleteFrom('historyRollup')
    .where('tierMs', '=', MINUTE_MS)
    .where('at', '<', at - KEEP_MS.minutes)
    .execute();
  await scope.deleteFrom('historyGap').where('cluster', '=', cluster).where('to', '<', keptFrom).execute();
  await scope.deleteFrom('historyJump').where('at', '<', keptFrom).execute();
}

/** The newest row before the limit stays: it is how the group has been since. Nothing stays of one that is gone. */
async function expireTenMinutes(scope: Kysely<Schema>, at: number): Promise<void> {
  const keptFrom = at - KEEP_MS.tenMinutes;
  await sql`delete from "historyRollup" where "tierMs" = ${TEN_MINUTES_MS} and "at" < ${keptFrom}
    and ("state" = 2 or exists (select 1 from "historyRollup" as later where later."tierMs" = ${TEN_MINUTES_MS}
      and later."groupId" = "historyRollup"."groupId" and later."at" > "historyRollup"."at" and later."at" <= ${keptFrom}))`.execute(
    scope,
  );
}
