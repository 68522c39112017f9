import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely';
import type { Watermark } from './handled';
import { isOfAll, type LetterFilter, passes } from './letters-filter';
import type { LetterState } from './letters-schema';
import type { ItemState, Schema, SelectionTable, TerminalReason } from './schema';

export type SelectionProgress = Selectable<SelectionTable>;

/** Letters of a ledger as they were at one moment. */
export interface SelectionCondition {
  groupId: number;
  filter: LetterFilter;
  /** Newest letter that is meant. */
  upToId: number;
  /** Letters that have gone since this time, epoch ms, are still meant. */
  asOf: number;
  /** Marks of handled at that time; letters that were marked since are still meant. Missing in jobs of older versions. */
  marks?: FrozenMarks | undefined;
  /** Whether a letter of which nobody knows the topic cannot be meant. */
  needsOrigin: boolean;
}

export interface FrozenMarks {
  /** Number of the newest mark of a single letter. */
  single: number;
  /** Of all letters of a queue. */
  all: Watermark[];
}

/** Letters that have these in common. */
export interface SelectionCount {
  state: LetterState;
  originTopic: string | null;
  broker: string;
  /** 1: without a body. */
  isEmpty: number;
  /** 1: the same message died again later, and that letter is kept. */
  isOlder: number;
  count: number;
  bytes: number;
}

export interface SelectionShare {
  failureId: number;
  broker: string;
  originTopic: string | null;
  /** 1: with an item. */
  isListed: number;
  count: number;
}

/** A letter that was read from its broker, and need not be in the ledger. */
interface ListedLetter {
  id: string;
  uniqKey: string;
  storedAt: number;
  phyOffset: number;
}

interface FirstLetter {
  broker: string;
  phyOffset: number;
  storedAt: number;
}

interface GoneLetters {
  broker: string;
  queueId: number;
  count: number;
  lastOffset: number;
}

/** Rows of the ledger that one statement looks at: other users of the store come in between. */
const ROWS_AT_ONCE = 50_000;
/** Stands behind every letter that can still be sent: then come those that were settled since the plan. */
const BEHIND_LIVE = Number.MAX_SAFE_INTEGER - 1;
/** Stands behind those as well: then come those that have gone since the plan. */
const BEHIND_ALL = Number.MAX_SAFE_INTEGER;

/** Redrives of more letters than a list holds: what they would take, and how far they have taken it. */
export function selections(db: Kysely<Schema>) {
  return {
    async insert(operationId: string, count: number): Promise<void> {
      await db
        .insertInto('selection')
        .values({ operationId, count, listed: 0, afterStoredAt: -1, afterId: 0, isOver: 0 })
        .execute();
    },

    get(operationId: string): Promise<SelectionProgress | undefined> {
      return db.selectFrom('selection').selectAll().where('operationId', '=', operationId).executeTakeFirst();
    },

    /** Letters that have no item get none any more. */
    async close(operationId: string): Promise<void> {
      await db.updateTable('selection').set({ isOver: 1 }).where('operationId', '=', operationId).execute();
    },

    /** Number of the newest letter of all ledgers; 0 when there is none. */
    async newest(): Promise<number> {
      const row = await db
        .selectFrom('letter')
        .select((eb) => eb.fn.max<number | null>('id').as('id'))
        .executeTakeFirst();
      return row?.id ?? 0;
    },

    /** All letters that a condition lets through, by what decides whether they are sent. */
    async counts(condition: SelectionCondition): Promise<SelectionCount[]> {
      const { upToId } = condition;
      const found: SelectionCount[] = [];
      let from = 0;
      const countNext = async () => {
        while (from < upToId) {
          const [above, to] = [from, from + ROWS_AT_ONCE];
          from = to;
          const { rows } = await counted(sql`${isMeant(condition)} and "id" > ${above} and "id" <= ${to}`).execute(db);
          found.push(...rows.map((row) => ({ ...row, isOlder: 0 })));
        }
      };
      const countOlder = async () => {
        const { rows } = await counted(
          sql`${isMeant(condition)} and ${isOlder} and "uniqKey" in (select "uniqKey" from "letter"
            where "groupId" = ${condition.groupId} and "goneAt" is null group by "uniqKey" having count(*) > 1)`,
        ).execute(db);
        const older = rows.map((row) => ({ ...row, isOlder: 1 }));
        return [...older, ...rows.map((row) => ({ ...row, isOlder: 0, count: -row.count, bytes: -row.bytes }))];
      };
      const countAll = async () => {
        const tallied = await fromTally(db, condition);
        // The store has more than one thread that reads.
        if (tallied) found.push(...tallied);
        else await Promise.all([countNext(), countNext()]);
      };
      const [older] = await Promise.all([countOlder(), countAll()]);
      return sumUp([...found, ...older]);
    },

    /** Letters of an operation, of those that have an item or still can be sent, by what tells them apart. */
    async share(operationId: string, condition: SelectionCondition): Promise<SelectionShare[]> {
      const at = await selections(db).get(operationId);
      const isWhole = !at || at.isOver === 1 || at.afterStoredAt >= BEHIND_LIVE;
      const isNext = isWhole
        ? sql`false`
        : sql`("storedAt", "id") > (${at.afterStoredAt}, ${at.afterId}) and ${isSent(condition)}`;
      const sums = new Map<string, SelectionShare>();
      for (let from = 0; from < condition.upToId; from += ROWS_AT_ONCE) {
        // One that gets its item meanwhile is counted by it.
        const { rows } = await sql<SelectionShare>`select "failureId", "broker", "originTopic",
            "jobId" is ${operationId} as "isListed", count(*) as "count"
          from "letter" l where "groupId" = ${condition.groupId} and "goneAt" is null
            and "id" > ${from} and "id" <= ${from + ROWS_AT_ONCE} and ("jobId" is ${operationId} or (${isNext}))
          group by "failureId", "broker", "originTopic", "isListed"`.execute(db);
        for (const row of rows) {
          const key = JSON.stringify([row.failureId, row.broker, row.originTopic, row.isListed]);
          sums.set(key, { ...row, count: row.count + (sums.get(key)?.count ?? 0) });
        }
      }
      return [...sums.values()];
    },

    /** Letters that would have been sent at the time of the plan and have gone since, by queue, with the last offset of each. */
    async gone(condition: SelectionCondition): Promise<GoneLetters[]> {
      const { rows } =
        await sql<GoneLetters>`select "broker", "queueId", count(*) as "count", max("queueOffset") as "lastOffset"
        from "letter" l where ${wasMeant(condition)} and "goneAt" >= ${condition.asOf} and "state" = 'expired' group by "broker", "queueId"`.execute(
          db,
        );
      return rows;
    },

    /** Of some letters of a ledger those after which the same message died again, in a letter that is kept: by their ids. */
    async older(groupId: number, letters: readonly ListedLetter[]): Promise<Set<string>> {
      const listed = letters.filter(({ uniqKey }) => uniqKey !== '');
      const rows = JSON.stringify(
        listed.map(({ id, uniqKey, storedAt, phyOffset }) => [id, uniqKey, storedAt, phyOffset]),
      );
      const { rows: found } = await sql<{ id: string }>`select l."value" ->> 0 as "id" from json_each(${rows}) l
        where exists (select 1 from "letter" newer where newer."groupId" = ${groupId} and newer."uniqKey" = l."value" ->> 1
          and newer."goneAt" is null and (+newer."storedAt", newer."phyOffset") > (l."value" ->> 2, l."value" ->> 3))`.execute(
        db,
      );
      return new Set(found.map(({ id }) => id));
    },

    /** The letters that would be sent first. */
    async first(condition: SelectionCondition, limit: number): Promise<FirstLetter[]> {
      const { rows } = await sql<FirstLetter>`select "broker", "phyOffset", "storedAt" from "letter" l
        where ${isSent(condition)} order by "storedAt", "id" limit ${limit}`.execute(db);
      return rows;
    },

    /**
     * Makes items of the next letters of an operation, oldest first; then of those that were settled since, as skipped, and of
     * those that have gone since, as expired. How many; 0: all have one. Call within a transaction.
     */
    async listNext(operationId: string, condition: SelectionCondition, limit: number): Promise<number> {
      const at = await selections(db).get(operationId);
      if (!at || at.isOver === 1) return 0;
      const stage = stageOf(at);
      const next = await NEXT[stage](db, condition, at, limit);
      const last = next.at(-1);
      if (last) await insertItems(db, at, next);
      const place = stage === 'live' ? { afterStoredAt: last?.storedAt } : {};
      const patch = last ? { listed: at.listed + next.length, afterId: last.id, ...place } : BEHIND[stage];
      await db.updateTable('selection').set(patch).where('operationId', '=', operationId).execute();
      return last || stage === 'gone' ? next.length : selections(db).listNext(operationId, condition, limit);
    },
  };
}

interface Next {
  id: number;
  storedAt: number;
  state: ItemState;
  reason: TerminalReason | null;
}
type Stage = 'live' | 'settled' | 'gone';

const NEXT = { live: nextLive, settled: nextSettled, gone: nextGone };
const BEHIND = {
  live: { afterStoredAt: BEHIND_LIVE, afterId: 0 },
  settled: { afterStoredAt: BEHIND_ALL, afterId: 0 },
  gone: { isOver: 1 },
};

function stageOf({ afterStoredAt }: SelectionProgress): Stage {
  if (afterStoredAt < BEHIND_LIVE) return 'live';
  return afterStoredAt < BEHIND_ALL ? 'settled' : 'gone';
}

async function nextLive(db: Kysely<Schema>, condition: SelectionCondition, at: SelectionProgress, limit: number) {
  const { rows } = await sql<Next>`select "id", "storedAt", 'SELECTED' as "state", null as "reason" from "letter" l
    where ${isSent(condition)} and ("storedAt", "id") > (${at.afterStoredAt}, ${at.afterId})
    order by "storedAt", "id" limit ${limit}`.execute(db);
  return rows;
}

/**
 * Letters that were meant and could no longer be sent when their turn came: somebody has marked them handled, or their message
 * has died again. One that was reopened after its turn is sent now.
 */
async function nextSettled(db: Kysely<Schema>, condition: SelectionCondition, at: SelectionProgress, limit: number) {
  const { upToId, asOf, marks } = condition;
  if (!marks) return [];
  // Through the key of the rows each page begins where the last one ended; no index has them in that order.
  const { rows } = await sql<Next>`select l."id", l."storedAt",
      case when l."state" = 'handled' or ${isOlder} then 'SKIPPED' else 'SELECTED' end as "state",
      case when l."state" = 'handled' then 'handled' when ${isOlder} then 'older_copy' end as "reason"
    from "letter" l not indexed where l."id" > ${at.afterId} and ${wasMeant(condition)} and ${hasNoItem(at)}
      and (l."goneAt" is null or l."goneAt" >= ${asOf})
      and (l."state" = 'handled' and not ${wasMarked(marks, asOf)} or l."goneAt" is null and l."state" in ('dead', 'dead_again'))
      and not ${isOlderThan(sql`newer."id" <= ${upToId}`)}
    order by l."id" limit ${Math.max(0, Math.min(limit, at.count - at.listed))}`.execute(db);
  return rows;
}

/** Those that this operation has read in vain are dead no more either, and have their item. */
async function nextGone(db: Kysely<Schema>, condition: SelectionCondition, at: SelectionProgress, limit: number) {
  const { rows } =
    await sql<Next>`select "id", "storedAt", 'EXPIRED' as "state", 'source_gone' as "reason" from "letter" l
    where "id" > ${at.afterId} and ${wasMeant(condition)} and "goneAt" >= ${condition.asOf} and "state" = 'expired'
      and ${hasNoItem(at)}
    order by "id" limit ${limit}`.execute(db);
  return rows;
}

async function insertItems(
  db: Kysely<Schema>,
  { operationId, listed }: SelectionProgress,
  letters: readonly Next[],
): Promise<void> {
  const rows = JSON.stringify(letters.map(({ id, state, reason }) => [id, state, reason]));
  await sql`insert into "item" ("operationId", "n", "srcBroker", "srcQueueId", "srcQueueOffset", "srcPhyOffset", "srcMsgId",
      "srcUniqKey", "srcStoredAt", "originTopic", "state", "terminalReason")
    select ${operationId}, ${listed} + j."key", l."broker", l."queueId", l."queueOffset", l."phyOffset",
      l."broker" || ':' || l."phyOffset", l."uniqKey", l."storedAt", l."originTopic", j."value" ->> 1, j."value" ->> 2
    from json_each(${rows}) j join "letter" l on l."id" = j."value" ->> 0`.execute(db);
}

const counted = (where: RawBuilder<unknown>) => sql<
  Omit<SelectionCount, 'isOlder'>
>`select "state", "originTopic", "broker", "bodyBytes" = 0 as "isEmpty", count(*) as "count", sum("bodyBytes") as "bytes"
  from "letter" l where ${where} group by "state", "originTopic", "broker", "isEmpty"`;

/**
 * Counts of all letters without reading each: as they came and went, but for those with another word than dead and those
 * after the condition was made, which are read. Null when a filter asks for some, or when too many would have to be read.
 */
async function fromTally(
  db: Kysely<Schema>,
  { groupId, filter, upToId }: SelectionCondition,
): Promise<SelectionCount[] | null> {
  if (!isOfAll(filter)) return null;
  const settled = sql`from "letter" indexed by "letterSettled" where "groupId" = ${groupId} and "goneAt" is null and "state" <> 'dead'`;
  const newer = sql`from "letter" not indexed where "id" > ${upToId} and "groupId" = ${groupId} and "goneAt" is null`;
  const few = sql`select count(*) as "count" from (select 1 ${settled} limit ${ROWS_AT_ONCE + 1})`;
  const { rows: looked } = await sql<{ count: number }>`${few}`.execute(db);
  if ((looked[0]?.count ?? 0) > ROWS_AT_ONCE) return null;
  // One statement sees all of it as it is at one moment.
  const { rows } = await sql<Omit<SelectionCount, 'isOlder'>>`
    with "settled" as materialized (
      select "state", "originTopic", "broker", "bodyBytes" = 0 as "isEmpty", count(*) as "count", sum("bodyBytes") as "bytes"
      ${settled} group by 1, 2, 3, 4)
    select "state", "originTopic", "broker", "isEmpty", sum("count") as "count", sum("bytes") as "bytes" from (
      select 'dead' as "state", nullif("originTopic", '') as "originTopic", "broker", "isEmpty", "count", "bytes"
        from "letterTally" where "groupId" = ${groupId}
      union all select * from "settled"
      union all select 'dead', "originTopic", "broker", "isEmpty", -"count", -"bytes" from "settled"
      union all select "state", "originTopic", "broker", "bodyBytes" = 0, -1, -"bodyBytes" ${newer})
    group by 1, 2, 3, 4`.execute(db);
  return rows.map((row) => ({ ...row, isOlder: 0 }));
}

/** What the filter of a person lets through, sent or not. */
const isMeant = ({ groupId, filter, upToId }: SelectionCondition) =>
  sql`"groupId" = ${groupId} and "id" <= ${upToId} and "goneAt" is null and ${passes(filter, 'l')}`;

const isSent = (condition: SelectionCondition) =>
  sql`${isMeant(condition)} and "state" in ('dead', 'dead_again') and ${canGo(condition)} and not ${isOlder}`;

const canGo = ({ needsOrigin }: SelectionCondition) =>
  sql`"bodyBytes" > 0 ${needsOrigin ? sql`and "originTopic" is not null` : sql``}`;

/** What would have been sent at the time of the plan, whatever has become of it since. */
const wasMeant = (condition: SelectionCondition) =>
  sql`"groupId" = ${condition.groupId} and "id" <= ${condition.upToId} and ${passes({ ...condition.filter, states: undefined }, 'l')}
    and ${canGo(condition)}`;

const wasMarked = ({ single, all }: FrozenMarks, asOf: number) =>
  sql`(exists (select 1 from "letterGroup" g join "handled" h on h."cluster" = g."cluster" and h."group" = g."name"
      and h."broker" = l."broker" and h."phyOffset" = l."phyOffset" and h."uniqKey" = l."uniqKey"
    where g."id" = l."groupId" and h."id" <= ${single} and (h."reopenedAt" is null or h."reopenedAt" >= ${asOf}))
  or exists (select 1 from json_each(${JSON.stringify(all)}) w where w."value" ->> 'broker' = l."broker"
    and w."value" ->> 'queueId' = l."queueId" and w."value" ->> 'belowOffset' > l."queueOffset"
    and coalesce(w."value" ->> 'lastPhyOffset' >= l."phyOffset", true)))`;

const hasNoItem = ({ operationId }: SelectionProgress) =>
  sql`not exists (select 1 from "item" i where i."srcBroker" = l."broker" and i."srcPhyOffset" = l."phyOffset"
    and i."srcUniqKey" = l."uniqKey" and i."operationId" = ${operationId})`;

// The plus keeps the search with the key of the message: by time it would go through all newer letters.
const isOlderThan = (such: RawBuilder<unknown>) =>
  sql`exists (select 1 from "letter" newer where newer."groupId" = l."groupId" and newer."uniqKey" = l."uniqKey"
    and l."uniqKey" <> '' and newer."goneAt" is null and (+newer."storedAt", newer."id") > (l."storedAt", l."id") and ${such})`;
const isOlder = isOlderThan(sql`true`);

function sumUp(counts: readonly SelectionCount[]): SelectionCount[] {
  const sums = new Map<string, SelectionCount>();
  for (const each of counts) {
    const { count, bytes, ...alike } = each;
    const key = JSON.stringify([alike.state, alike.originTopic, alike.broker, alike.isEmpty, alike.isOlder]);
    const sum = sums.get(key) ?? { ...alike, count: 0, bytes: 0 };
    sums.set(key, { ...sum, count: sum.count + count, bytes: sum.bytes + bytes });
  }
  return [...sums.values()].filter(({ count }) => count > 0);
}
