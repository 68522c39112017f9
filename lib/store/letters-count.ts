import { type Kysely, type Selectable, sql } from 'kysely';
import { passes } from './letters-filter';
import type { LetterFailureTable, LetterState } from './letters-schema';
import type { Schema } from './schema';

/** Letters of one failure and one word. */
export interface FailureCount {
  failureId: number;
  state: LetterState;
  count: number;
  firstAt: number;
  lastAt: number;
}

const HOUR_MS = 3_600_000;

interface Total {
  total: number;
}
interface Settled {
  groupId: number;
  failureId: number;
  state: LetterState;
  count: number;
}

/** All but those with another word are dead: counted one by one by their word, a million letters would be looked up or sorted. */
function byState<Row extends Total & { groupId: number; failureId: number }>(
  totals: readonly Row[],
  settled: readonly Settled[],
): (Omit<Row, 'total'> & { state: LetterState; count: number })[] {
  const others = new Map<string, Settled[]>();
  for (const each of settled) {
    const key = `${each.groupId} ${each.failureId}`;
    others.set(key, [...(others.get(key) ?? []), each]);
  }
  return totals.flatMap(({ total, ...of }) => {
    const mine = others.get(`${of.groupId} ${of.failureId}`) ?? [];
    const dead = total - mine.reduce((sum, { count }) => sum + count, 0);
    const words = [
      { state: 'dead' as LetterState, count: dead },
      ...mine.map(({ state, count }) => ({ state, count })),
    ];
    return words.filter(({ count }) => count > 0).map((word) => ({ ...of, ...word }));
  });
}

/** Of hour `h.value` before `now`: as many ranges of an index, where an hour worked out of each letter would be sorted. */
const within = (now: number) =>
  sql`"storedAt" > ${now} - (h."value" + 1) * ${HOUR_MS} and "storedAt" <= ${now} - h."value" * ${HOUR_MS}`;
const hoursAsJson = (hours: number): string => JSON.stringify(Array.from({ length: hours }, (_, hour) => hour));

/** How many letters there are of what, of one group or of all. */
export function countLetters(db: Kysely<Schema>) {
  return {
    async countsByState(
      groupId: number,
      notBrokers: readonly string[] = [],
    ): Promise<Partial<Record<LetterState, number>>> {
      const rows = await db
        .selectFrom('letter')
        .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
        .where('groupId', '=', groupId)
        .where('goneAt', 'is', null)
        .where(passes({ notBrokers }))
        .groupBy('state')
        .execute();
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },

    /** Business topics that the letters of a group came from; null among them: of some it is not known. */
    async origins(groupId: number): Promise<(string | null)[]> {
      const rows = await db
        .selectFrom('letterTally')
        .select('originTopic')
        .distinct()
        .where('groupId', '=', groupId)
        .execute();
      return rows.map(({ originTopic }) => originTopic || null);
    },

    async failureCounts(groupId: number): Promise<FailureCount[]> {
      const { rows } = await sql<Total & { failureId: number; firstAt: number; lastAt: number }>`
        select "failureId", min("storedAt") as "firstAt", max("storedAt") as "lastAt", count(*) as "total"
        from "letter" indexed by "letterFailureTime"
        where "groupId" = ${groupId} and "goneAt" is null group by "failureId"`.execute(db);
      const settled = await sql<Settled>`
        select "groupId", "failureId", "state", count(*) as "count" from "letter" indexed by "letterSettled"
        where "groupId" = ${groupId} and "goneAt" is null and "state" <> 'dead' group by "failureId", "state"`.execute(
        db,
      );
      return byState(
        rows.map((row) => ({ ...row, groupId })),
        settled.rows,
      );
    },

    /** Letters whose word is from one operation. */
    async countsByJob(
      groupId: number,
      operationId: string,
    ): Promise<{ failureId: number; state: LetterState; count: number }[]> {
      const { rows } = await sql<{ failureId: number; state: LetterState; count: number }>`
        select "failureId", "state", count(*) as "count" from "letter" indexed by "letterSettled"
        where "groupId" = ${groupId} and "goneAt" is null and "state" <> 'dead' and "jobId" = ${operationId}
        group by "failureId", "state"`.execute(db);
      return rows;
    },

    /** Letters that died in each of the `hours` hours up to `now`; hour 0 is the last one. */
    async deathsByHour(groupId: number, now: number, hours: number) {
      const { rows } = await sql<{ failureId: number; hour: number; count: number }>`
        select f."id" as "failureId", h."value" as "hour", (
          select count(*) from "letter" indexed by "letterFailureTime"
          where "groupId" = ${groupId} and "failureId" = f."id" and "goneAt" is null and ${within(now)}) as "count"
        from "letterFailure" f, json_each(${hoursAsJson(hours)}) h where f."groupId" = ${groupId}`.execute(db);
      return rows.filter(({ count }) => count > 0);
    },

    failures(groupId: number): Promise<Selectable<LetterFailureTable>[]> {
      return db.selectFrom('letterFailure').selectAll().where('groupId', '=', groupId).execute();
    },

    /** Of all groups of a cluster at once: letters by failure and word, deaths by hour, since when some are open, and where they came from. */
    async ofCluster(cluster: string, now: number, hours: number, open: readonly LetterState[]) {
      const groups = sql`(select "id", "name" from "letterGroup" where "cluster" = ${cluster})`;
      const totals = await sql<Total & { groupId: number; failureId: number; group: string }>`
        select g."id" as "groupId", g."name" as "group", f."id" as "failureId", (
          select count(*) from "letter" l indexed by "letterFailureTime"
          where l."groupId" = g."id" and l."goneAt" is null and l."failureId" = f."id") as "total"
        from ${groups} g join "letterFailure" f on f."groupId" = g."id"`.execute(db);
      const settled = await sql<Settled>`
        select l."groupId", l."failureId", l."state", count(*) as "count"
        from ${groups} g cross join "letter" l indexed by "letterSettled"
          on l."groupId" = g."id" and l."goneAt" is null and l."state" <> 'dead'
        group by l."groupId", l."failureId", l."state"`.execute(db);
      const counts = byState(totals.rows, settled.rows);
      const died = await sql<{ group: string; hour: number; count: number }>`
        select g."name" as "group", h."value" as "hour", (
          select count(*) from "letter" indexed by "letterTime"
          where "groupId" = g."id" and "goneAt" is null and ${within(now)}) as "count"
        from ${groups} g, json_each(${hoursAsJson(hours)}) h`.execute(db);
      const deaths = died.rows.filter(({ count }) => count > 0);
      // What lies lowest is oldest; after something expired it is not known yet when that died.
      const spans = await sql<{ group: string; broker: string; oldestAt: number | null }>`
        select g."name" as "group", s."broker", case when count(*) = count(s."fromAt") then min(s."fromAt") else (
          select l."storedAt" from "letter" l indexed by "letterTime"
          where l."groupId" = g."id" and l."goneAt" is null and l."broker" = s."broker" order by l."storedAt" limit 1) end as "oldestAt"
        from ${groups} g join "letterSpan" s on s."groupId" = g."id" group by g."id", s."broker"`.execute(db);
      const oldest = spans.rows.flatMap(({ oldestAt, ...of }) => (oldestAt === null ? [] : [{ ...of, oldestAt }]));
      // Its word has the oldest one at hand, but not by broker: each of another broker would be looked up.
      const openSince = await sql<{ group: string; at: number | null }>`
        select g."name" as "group", min((
          select "storedAt" from "letter" indexed by "letterState"
          where "groupId" = g."id" and "goneAt" is null and "state" = s."value" order by "storedAt" limit 1)) as "at"
        from ${groups} g, json_each(${JSON.stringify(open)}) s group by g."id"`.execute(db);
      const origins = await db
        .selectFrom('letterGroup')
        .innerJoin('letterTally', 'letterTally.groupId', 'letterGroup.id')
        .where('letterGroup.cluster', '=', cluster)
        .select(['letterGroup.name as group', 'letterTally.originTopic'])
        .distinct()
        .execute();
      const failures = await db
        .selectFrom('letterGroup')
        .innerJoin('letterFailure', 'letterFailure.groupId', 'letterGroup.id')
        .where('letterGroup.cluster', '=', cluster)
        .select(['letterFailure.id', 'letterFailure.kind', 'letterFailure.key', 'letterFailure.label'])
        .execute();
      return { counts, deaths, oldest, openSince: openSince.rows, origins, failures };
    },
  };
}
