import { type Kysely, type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import { allOf, beginsWith, isOfAll, type LetterFilter, passes } from './letters-filter';
import type { LetterState, LetterTable } from './letters-schema';
import type { Schema } from './schema';

export type Letter = Selectable<LetterTable>;
/** Where a letter lies. */
type Place = Pick<LetterTable, 'broker' | 'phyOffset'>;
/** Where it stands in a list: newest first, and whatever the order in which letters came into the ledger. */
export type LetterPlace = Place & Pick<LetterTable, 'storedAt'>;
/** Letters of a list below `after`, down to `through`; null: from the newest, to the oldest. */
export interface LetterRange {
  after: LetterPlace | null;
  through: LetterPlace | null;
}

/** A message that died more often than that is not followed any further. */
const MOST_COPIES = 1000;

/** The letters of a ledger: a page of them, how many match, and which belong together. */
export function findLetters(db: Kysely<Schema>) {
  return {
    /** Newest first. Kept letters only, unless `expired` is among the states. */
    async page(groupId: number, filter: LetterFilter, range: LetterRange, limit: number): Promise<Letter[]> {
      const { states } = filter;
      const page = (of: LetterFilter, isByWord: boolean) =>
        pageOf(db, groupId, narrowed(of, range), range, limit, isByWord);
      const isByWord = !hasOtherIndex(filter) || (await areFewOf(db, groupId, states));
      if (!isByWord || !states) return page(filter, false);
      // Each word has its letters in order of time; several together would have to be sorted.
      const pages = await Promise.all(states.map((state) => page({ ...filter, states: [state] }, true)));
      return pages.flat().sort(newestFirst).slice(0, limit);
    },

    /** Letters at these places, also such as the cluster no longer has. At most 100. */
    async at(groupId: number, places: readonly Place[]): Promise<Letter[]> {
      if (places.length === 0) return [];
      return db
        .selectFrom('letter')
        .selectAll()
        .where('groupId', '=', groupId)
        .where(({ eb, or, and }) =>
          or(
            places
              .slice(0, 100)
              .map(({ broker, phyOffset }) => and([eb('broker', '=', broker), eb('phyOffset', '=', phyOffset)])),
          ),
        )
        .orderBy('id')
        .execute();
    },

    /** Bytes of the bodies of letters at these places, by broker and position. */
    async sizes(groupId: number, places: readonly Place[]): Promise<(Place & { bytes: number })[]> {
      const rows = JSON.stringify(places.map(({ broker, phyOffset }) => [broker, phyOffset]));
      const found = await sql<Place & { bytes: number }>`
        select l."broker", l."phyOffset", l."bodyBytes" as "bytes" from json_each(${rows}) j
        cross join "letter" l indexed by "letterPlace"
          on l."groupId" = ${groupId} and l."broker" = j.value ->> 0 and l."phyOffset" = j.value ->> 1`.execute(db);
      return found.rows;
    },

    /** Of letters that are copies of earlier ones, the earlier; and of letters whose copy died, the newest such copy; by letter id. */
    async links(ids: readonly number[]): Promise<Map<number, { copyOf: Place | null; diedAgainAs: Place | null }>> {
      if (ids.length === 0) return new Map();
      const links = new Map<number, { copyOf: Place | null; diedAgainAs: Place | null }>();
      const linkOf = (id: number) => {
        const link = links.get(id) ?? { copyOf: null, diedAgainAs: null };
        links.set(id, link);
        return link;
      };
      const sources = await db
        .selectFrom('letter')
        .innerJoin('item', (join) =>
          join.onRef('item.operationId', '=', 'letter.rdxOp').onRef('item.n', '=', 'letter.rdxN'),
        )
        .innerJoin('operation', 'operation.id', 'item.operationId')
        .innerJoin('letterGroup', (join) =>
          join.onRef('letterGroup.id', '=', 'letter.groupId').onRef('letterGroup.name', '=', 'operation.group'),
        )
        .select(['letter.id', 'item.srcBroker as broker', 'item.srcPhyOffset as phyOffset'])
        .where('letter.id', 'in', ids)
        .execute();
      for (const { id, ...place } of sources) linkOf(id).copyOf = place;
      const copies = await db
        .selectFrom('letter')
        .innerJoin('item', (join) =>
          join.onRef('item.srcBroker', '=', 'letter.broker').onRef('item.srcPhyOffset', '=', 'letter.phyOffset'),
        )
        .innerJoin('letter as copy', (join) =>
          join.onRef('copy.rdxOp', '=', 'item.operationId').onRef('copy.rdxN', '=', 'item.n'),
        )
        .select(['letter.id', 'copy.broker', 'copy.phyOffset'])
        // By the job whose copy it is, and not among all letters of the group.
        .where(sql<boolean>`+"copy"."groupId" = "letter"."groupId"`)
        .whereRef('item.srcUniqKey', '=', 'letter.uniqKey')
        .where('letter.id', 'in', ids)
        .orderBy('copy.storedAt')
        .execute();
      for (const { id, ...place } of copies) linkOf(id).diedAgainAs = place;
      return links;
    },

    /**
     * When a message died first, of which a letter tells: the oldest kept letter of the same unique key, or, where that is a
     * copy that a job of the group made, the letter that it was made of, and so on. Null when none of them is known.
     */
    async firstDeath(
      { cluster, group }: { cluster: string; group: string },
      { uniqKey, rdxOp, rdxN }: Pick<Letter, 'uniqKey' | 'rdxOp' | 'rdxN'>,
    ): Promise<number | null> {
      // A store that takes no writes answers it: by its first word it is a select, and the group need not have a number yet.
      const groupId = sql`(select "id" from "letterGroup" where "cluster" = ${cluster} and "name" = ${group})`;
      const { rows } = await sql<{ at: number | null }>`
        select "at" from (with recursive "made" ("uniqKey", "at", "rdxOp", "rdxN", "step") as (
          select ${uniqKey}, null, ${rdxOp}, ${rdxN}, 0
          union all
          select i."srcUniqKey", nullif(i."srcStoredAt", 0), l."rdxOp", l."rdxN", m."step" + 1
          from "made" m
          join "item" i on i."operationId" = m."rdxOp" and i."n" = m."rdxN"
          join "operation" o on o."id" = i."operationId"
          join "letterGroup" g on g."id" = ${groupId} and g."cluster" = o."cluster" and g."name" = o."group"
          left join "letter" l indexed by "letterPlace" on l."groupId" = ${groupId} and l."broker" = i."srcBroker"
            and l."phyOffset" = i."srcPhyOffset" and l."uniqKey" = i."srcUniqKey"
          where m."step" < ${MOST_COPIES})
        select min("at") as "at" from (
          select "at" from "made"
          union all
          select (select min("storedAt") from (
            select "storedAt" from "letter" indexed by "letterUniqKey"
            where "groupId" = ${groupId} and "goneAt" is null and "uniqKey" = m."uniqKey" limit ${MOST_COPIES}))
          from "made" m where m."uniqKey" <> ''))`.execute(db);
      return rows[0]?.at ?? null;
    },

    /** Words of letters by their place in a broker's log; those that were not read yet are missing. */
    async wordsAt(groupId: number, broker: string, phyOffsets: readonly number[]): Promise<Map<number, LetterState>> {
      // Of the indexes over a group it would take one that knows no places, and go through all letters.
      const { rows } = await sql<Pick<Letter, 'phyOffset' | 'state'>>`
        select "phyOffset", "state" from "letter" indexed by "letterPlace"
        where "groupId" = ${groupId} and "broker" = ${broker} and "goneAt" is null
          and "phyOffset" in (select "value" from json_each(${JSON.stringify(phyOffsets)}))`.execute(db);
      return new Map(rows.map(({ phyOffset, state }) => [phyOffset, state]));
    },

    /** Letters that a filter let through, whatever their word, and that have gone since `since`, epoch ms. */
    async countGone(groupId: number, { states: _, ...filter }: LetterFilter, since: number): Promise<number> {
      const { count } = await matching(db, groupId, filter, since)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return count;
    },

    async count(groupId: number, filter: LetterFilter): Promise<number> {
      const countOf = async (of: ReturnType<typeof matching>) => {
        const { count } = await of.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
        return count;
      };
      if (isOfAll(filter)) return countAll(db, groupId);
      const { q, states, ...rest } = filter;
      if (hasOtherIndex(filter) && (await areFewOf(db, groupId, states))) return countOf(byWord(db, groupId, filter));
      if (q === undefined) {
        const isMostlyDead = states?.includes('dead') && !isOfAll(rest) && (await areFewSettled(db, groupId));
        if (!isMostlyDead) return countOf(matching(db, groupId, filter));
        // No index has a word beside anything else: less is looked up of those that have another one.
        const counts = await Promise.all([
          countOf(matching(db, groupId, rest)),
          countSettled(db, groupId, rest, states),
        ]);
        return counts[0] - counts[1];
      }
      const others = { ...rest, states };
      // Either has an index of its own; together they would be looked up one by one.
      const all = () => matching(db, groupId, others);
      const isIdentified = all().where('uniqKey', '=', q);
      // Of these there are few, and of those with the key perhaps many: the plus keeps the search with them.
      const isBoth = isIdentified.where(beginsWith(q, 'letter', sql`+`));
      const counts = [all().where(beginsWith(q)), isIdentified, isBoth].map(countOf);
      const [named = 0, identified = 0, twice = 0] = await Promise.all(counts);
      return named + identified - twice;
    },
  };
}

async function countAll(db: Kysely<Schema>, groupId: number): Promise<number> {
  const row = await db
    .selectFrom('letterTally')
    .select((eb) => eb.fn.sum<number | null>('count').as('count'))
    .where('groupId', '=', groupId)
    .executeTakeFirst();
  return row?.count ?? 0;
}

/** Letters with another word than dead that are looked up one by one. */
const FEW_SETTLED = 20_000;

async function areFewSettled(db: Kysely<Schema>, groupId: number): Promise<boolean> {
  const { rows } = await sql`select 1 from "letter" indexed by "letterSettled"
    where "groupId" = ${groupId} and "goneAt" is null and "state" <> 'dead' limit 1 offset ${FEW_SETTLED}`.execute(db);
  return rows.length === 0;
}

/** Whether an index other than those of word and time may serve it. */
const hasOtherIndex = ({ q, uniqKey, failureId, tag }: LetterFilter): boolean =>
  [q, uniqKey, failureId, tag].some((each) => each !== undefined);

/** Whether letters with these words are so few that what else is asked of them is looked up one by one; never of dead ones. */
async function areFewOf(db: Kysely<Schema>, groupId: number, states: LetterFilter['states']): Promise<boolean> {
  if (!states || states.includes('dead') || states.includes('expired')) return false;
  const { rows } = await sql`select 1 from "letter" indexed by "letterState"
    where "groupId" = ${groupId} and "goneAt" is null and "state" in (${sql.join(states)}) limit 1 offset ${FEW_SETTLED}`.execute(
    db,
  );
  return rows.length === 0;
}

/** Letters that `filter` lets through, found by their word. */
const byWord = (db: Kysely<Schema>, groupId: number, filter: LetterFilter) =>
  keptLetters(db, groupId).where(passes(filter, 'letter', sql`+`));

/** Letters that `filter` lets through, and whose word is neither dead nor one of `but`. */
async function countSettled(
  db: Kysely<Schema>,
  groupId: number,
  filter: LetterFilter,
  but: readonly LetterState[] = [],
): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as "count" from "letter" indexed by "letterSettled"
    where "groupId" = ${groupId} and "goneAt" is null and "state" <> 'dead' and "state" not in (${sql.join(but)})
      and ${passes(filter)}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** So many are looked up by their key one by one. */
const FEW_NAMED = 2000;
/** Letters that are looked at for those with a key. */
const WALK = 50_000;

async function pageOf(
  db: Kysely<Schema>,
  groupId: number,
  filter: LetterFilter,
  range: LetterRange,
  limit: number,
  isByWord: boolean,
): Promise<Letter[]> {
  const { q, states, ...others } = filter;
  const page = (of: ReturnType<typeof matching>) =>
    of
      .selectAll()
      .where(isTied(range))
      .orderBy('storedAt', 'desc')
      .orderBy('phyOffset', 'desc')
      .orderBy('broker', 'desc')
      .limit(limit)
      .execute();
  if (states?.includes('expired')) return page(matching(db, groupId, filter));
  if (isByWord && states) return page(byWord(db, groupId, filter));
  // The plus keeps the search with the ids: any index would lead through all letters of the group.
  const pageAmong = (ids: readonly number[]) =>
    page(
      db
        .selectFrom('letter')
        .where('id', 'in', ids)
        .where(sql<boolean>`+"groupId" = ${groupId} and +"goneAt" is null`)
        .where(passes({ ...others, states })),
    );
  if (q === undefined)
    return others.uniqKey === undefined
      ? page(matching(db, groupId, filter))
      : pageAmong(await idsIdentified(db, groupId, others.uniqKey));
  const few = await idsNamed(db, groupId, q);
  if (few.length <= FEW_NAMED) return pageAmong(few);
  // Of many the newest are found soon by walking back in time; unless all of them are old.
  const end = await walkEnd(db, groupId, filter, range);
  const found = await page(matching(db, groupId, { ...filter, from: end ?? filter.from }));
  if (found.length === limit || end === null) return found;
  // The time of the last of them is found in the index alone; those of its millisecond are few.
  const named = sql`from "letter" indexed by "letterKeys"
      where "groupId" = ${groupId} and "goneAt" is null and ${beginsWith(q)} and ${passes({ ...others, states })} and ${isTied(range)}`;
  const { rows } = await sql<{ id: number }>`select "id" ${named}
      and "storedAt" >= coalesce((select "storedAt" ${named} order by "storedAt" desc limit 1 offset ${limit - 1}), 0)`.execute(
    db,
  );
  return pageAmong([...rows.map(({ id }) => id), ...(await idsIdentified(db, groupId, q))]);
}

/** A filter for the milliseconds of a range, with one bound at either end: by several SQLite would take the index of the time. */
export function narrowed(filter: LetterFilter, { after, through }: LetterRange): LetterFilter {
  const froms = [filter.from, through?.storedAt].filter((from) => from !== undefined);
  const tos = [filter.to, after ? after.storedAt + 1 : undefined].filter((to) => to !== undefined);
  return {
    ...filter,
    from: froms.length > 0 ? Math.max(...froms) : undefined,
    to: tos.length > 0 ? Math.min(...tos) : undefined,
  };
}

/** Of the milliseconds at either end of a range the letters that are in it; what lies between is not looked up. */
const isTied = ({ after, through }: LetterRange): RawBuilder<SqlBool> =>
  allOf([
    after && sql`("storedAt" < ${after.storedAt} or ("phyOffset", "broker") < (${after.phyOffset}, ${after.broker}))`,
    through &&
      sql`("storedAt" > ${through.storedAt} or ("phyOffset", "broker") >= (${through.phyOffset}, ${through.broker}))`,
  ]);

/** By `LetterPlace`. */
export const newestFirst = (one: LetterPlace, other: LetterPlace): number =>
  other.storedAt - one.storedAt ||
  other.phyOffset - one.phyOffset ||
  Buffer.compare(Buffer.from(other.broker), Buffer.from(one.broker));

/** Store time of the letter at which a walk back in time gives up; null: it comes to the last one first. */
async function walkEnd(
  db: Kysely<Schema>,
  groupId: number,
  { from, to }: LetterFilter,
  range: LetterRange,
): Promise<number | null> {
  const { rows } = await sql<{ storedAt: number }>`select "storedAt" from "letter" indexed by "letterTime"
    where "groupId" = ${groupId} and "goneAt" is null and ${passes({ from, to })} and ${isTied(range)}
    order by "storedAt" desc limit 1 offset ${WALK}`.execute(db);
  return rows[0]?.storedAt ?? null;
}

async function idsNamed(db: Kysely<Schema>, groupId: number, q: string): Promise<number[]> {
  const named = await keptLetters(db, groupId)
    .select('id')
    .where(beginsWith(q))
    .limit(FEW_NAMED + 1)
    .execute();
  return [...new Set([...named.map(({ id }) => id), ...(await idsIdentified(db, groupId, q))])];
}

async function idsIdentified(db: Kysely<Schema>, groupId: number, uniqKey: string): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select "id" from "letter" indexed by "letterUniqKey"
    where "groupId" = ${groupId} and "goneAt" is null and "uniqKey" = ${uniqKey}`.execute(db);
  return rows.map(({ id }) => id);
}

const keptLetters = (db: Kysely<Schema>, groupId: number) =>
  db.selectFrom('letter').where('groupId', '=', groupId).where('goneAt', 'is', null);

function matching(db: Kysely<Schema>, groupId: number, filter: LetterFilter, goneSince?: number) {
  return db
    .selectFrom('letter')
    .where('groupId', '=', groupId)
    .where(({ eb }) =>
      goneSince === undefined
        ? eb('goneAt', filter.states?.includes('expired') ? 'is not' : 'is', null)
        : eb('goneAt', '>=', goneSince),
    )
    .where(passes(filter));
}
