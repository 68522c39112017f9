import { type ExpressionBuilder, type Kysely, type Selectable, sql } from 'kysely';
import type { LetterFailureTable, LetterSpanTable, LetterState, LetterTable } from './letters-schema';
import type { Schema } from './schema';

export type Letter = Selectable<LetterTable>;
export type LetterSpan = Omit<LetterSpanTable, 'groupId'>;
/** A letter as it was read; its failure is told by kind, key and label. */
export interface NewLetter
  extends Omit<LetterTable, 'id' | 'groupId' | 'failureId' | 'state' | 'jobId' | 'handledBy' | 'goneAt'> {
  failure: Pick<LetterFailureTable, 'kind' | 'key' | 'label'>;
}
export interface LetterFilter {
  states?: readonly LetterState[] | undefined;
  failureId?: number | undefined;
  tag?: string | undefined;
  /** Beginning of its keys, or its whole unique key. */
  q?: string | undefined;
  /** Died at or after, and before; epoch ms. */
  from?: number | undefined;
  to?: number | undefined;
}
/** Where a letter lies. */
type Place = Pick<LetterTable, 'broker' | 'phyOffset'>;
export interface LetterPlace {
  storedAt: number;
  id: number;
}
/** Letters of one failure and one word. */
export interface FailureCount {
  failureId: number;
  state: LetterState;
  count: number;
  firstAt: number;
  lastAt: number;
}

const HOUR_MS = 3_600_000;

export function letters(db: Kysely<Schema>) {
  return {
    /** Number of a group's ledger, made on first use. */
    async groupId(cluster: string, name: string): Promise<number> {
      const find = () =>
        db
          .selectFrom('letterGroup')
          .select('id')
          .where('cluster', '=', cluster)
          .where('name', '=', name)
          .executeTakeFirst();
      const known = await find();
      if (known) return known.id;
      await db
        .insertInto('letterGroup')
        .values({ cluster, name })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await find())?.id ?? 0;
    },

    spans(groupId: number): Promise<LetterSpan[]> {
      return db
        .selectFrom('letterSpan')
        .select(['broker', 'queueId', 'from', 'to', 'fromAt', 'lastPhyOffset', 'damaged'])
        .where('groupId', '=', groupId)
        .orderBy('broker')
        .orderBy('queueId')
        .orderBy('from')
        .execute();
    },

    /** How far the queues of all groups of a cluster were read, by `group broker queueId`. */
    async readOfCluster(cluster: string): Promise<Map<string, { from: number; to: number; count: number }>> {
      const rows = await db
        .selectFrom('letterSpan')
        .innerJoin('letterGroup', 'letterGroup.id', 'letterSpan.groupId')
        .select((eb) => [
          'letterGroup.name',
          'letterSpan.broker',
          'letterSpan.queueId',
          eb.fn.min<number>('letterSpan.from').as('from'),
          eb.fn.max<number>('letterSpan.to').as('to'),
          sql<number>`sum("letterSpan"."to" - "letterSpan"."from")`.as('count'),
        ])
        .where('letterGroup.cluster', '=', cluster)
        .groupBy(['letterGroup.name', 'letterSpan.broker', 'letterSpan.queueId'])
        .execute();
      return new Map(rows.map(({ name, broker, queueId, ...read }) => [`${name} ${broker} ${queueId}`, read]));
    },

    /** A stretch that was read and its letters; neighbouring stretches become one. Call within a transaction. */
    async add(groupId: number, span: LetterSpan, read: readonly NewLetter[]): Promise<void> {
      if (read.length > 0) {
        const failures = await failureIds(db, groupId, read);
        await nameOrigins(db, groupId, read);
        await insertLetters(
          db,
          groupId,
          read.map((letter) => ({ ...letter, failureId: failures.get(failureKey(letter.failure)) ?? 0 })),
        );
        await settle(db, groupId, span, read);
      }
      await widen(db, groupId, span);
    },

    /** Letters of a queue below an offset are no longer on the cluster. Call within a transaction. */
    async forget(groupId: number, { broker, queueId, below, at }: LetterEdge): Promise<void> {
      await db
        .updateTable('letter')
        .set({
          goneAt: at,
          state: sql<LetterState>`case when "state" in ('dead', 'dead_again', 'unknown') then 'expired' else "state" end`,
        })
        .where('groupId', '=', groupId)
        .where('broker', '=', broker)
        .where('queueId', '=', queueId)
        .where('queueOffset', '<', below)
        .where('goneAt', 'is', null)
        .execute();
      const ofQueue = db
        .updateTable('letterSpan')
        .set({ from: below, fromAt: null })
        .where('groupId', '=', groupId)
        .where('broker', '=', broker)
        .where('queueId', '=', queueId);
      await db
        .deleteFrom('letterSpan')
        .where('groupId', '=', groupId)
        .where('broker', '=', broker)
        .where('queueId', '=', queueId)
        .where('to', '<=', below)
        .execute();
      await ofQueue.where('from', '<', below).execute();
    },

    /** Newest first, after `after`. Kept letters only, unless `expired` is among the states. */
    async page(groupId: number, filter: LetterFilter, after: LetterPlace | null, limit: number): Promise<Letter[]> {
      const { q, ...others } = filter;
      // Few are looked up by their key; of many the newest are found soon by walking back in time.
      const named = q === undefined ? null : await idsNamed(db, groupId, q);
      const isFew = named !== null && named.length <= FEW_NAMED;
      return matching(db, groupId, isFew ? others : filter)
        .$if(isFew, (query) => query.where('id', 'in', named ?? []))
        .selectAll()
        .$if(after !== null, (query) =>
          query.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('storedAt', 'id'), '<', tuple(after?.storedAt ?? 0, after?.id ?? 0)),
          ),
        )
        .orderBy('storedAt', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
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
        .whereRef('copy.groupId', '=', 'letter.groupId')
        .whereRef('item.srcUniqKey', '=', 'letter.uniqKey')
        .where('letter.id', 'in', ids)
        .orderBy('copy.storedAt')
        .execute();
      for (const { id, ...place } of copies) linkOf(id).diedAgainAs = place;
      return links;
    },

    async count(groupId: number, filter: LetterFilter): Promise<number> {
      const { count } = await matching(db, groupId, filter)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return count;
    },

    async countsByState(groupId: number): Promise<Partial<Record<LetterState, number>>> {
      const rows = await db
        .selectFrom('letter')
        .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
        .where('groupId', '=', groupId)
        .where('goneAt', 'is', null)
        .groupBy('state')
        .execute();
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },

    failureCounts(groupId: number): Promise<FailureCount[]> {
      return db
        .selectFrom('letter')
        .select((eb) => [
          'failureId',
          'state',
          eb.fn.countAll<number>().as('count'),
          eb.fn.min<number>('storedAt').as('firstAt'),
          eb.fn.max<number>('storedAt').as('lastAt'),
        ])
        .where('groupId', '=', groupId)
        .where('goneAt', 'is', null)
        .groupBy(['failureId', 'state'])
        .execute();
    },

    /** Letters that died in each of the `hours` hours up to `now`; hour 0 is the last one. */
    deathsByHour(groupId: number, now: number, hours: number) {
      const hour = sql<number>`(${now} - "storedAt") / ${HOUR_MS}`;
      return db
        .selectFrom('letter')
        .select((eb) => ['failureId', hour.as('hour'), eb.fn.countAll<number>().as('count')])
        .where('groupId', '=', groupId)
        .where('goneAt', 'is', null)
        .where('storedAt', '>', now - hours * HOUR_MS)
        .where('storedAt', '<=', now)
        .groupBy(['failureId', 'hour'])
        .execute();
    },

    failures(groupId: number): Promise<Selectable<LetterFailureTable>[]> {
      return db.selectFrom('letterFailure').selectAll().where('groupId', '=', groupId).execute();
    },

    /** Of all groups of a cluster at once: letters by failure and word, deaths by hour, and where they came from. */
    async ofCluster(cluster: string, now: number, hours: number) {
      const kept = () =>
        db
          .selectFrom('letterGroup')
          .innerJoin('letter', 'letter.groupId', 'letterGroup.id')
          .where('letterGroup.cluster', '=', cluster)
          .where('letter.goneAt', 'is', null);
      const hour = sql<number>`(${now} - "letter"."storedAt") / ${HOUR_MS}`;
      const counts = await kept()
        .select((eb) => [
          'letterGroup.name as group',
          'letter.broker',
          'letter.failureId',
          'letter.state',
          eb.fn.countAll<number>().as('count'),
          eb.fn.min<number>('letter.storedAt').as('firstAt'),
        ])
        .groupBy(['letterGroup.id', 'letter.broker', 'letter.failureId', 'letter.state'])
        .execute();
      const deaths = await kept()
        .where('letter.storedAt', '>', now - hours * HOUR_MS)
        .where('letter.storedAt', '<=', now)
        .select((eb) => ['letterGroup.name as group', hour.as('hour'), eb.fn.countAll<number>().as('count')])
        .groupBy(['letterGroup.id', 'hour'])
        .execute();
      const origins = await db
        .selectFrom('letterGroup')
        .innerJoin('letterOrigin', 'letterOrigin.groupId', 'letterGroup.id')
        .where('letterGroup.cluster', '=', cluster)
        .select(['letterGroup.name as group', 'letterOrigin.topic'])
        .execute();
      const failures = await db
        .selectFrom('letterGroup')
        .innerJoin('letterFailure', 'letterFailure.groupId', 'letterGroup.id')
        .where('letterGroup.cluster', '=', cluster)
        .select(['letterFailure.id', 'letterFailure.kind', 'letterFailure.label'])
        .execute();
      return { counts, deaths, origins, failures };
    },

    /** What has been gone for longer is forgotten. */
    async sweep(goneBefore: number): Promise<void> {
      await db.deleteFrom('letter').where('goneAt', '<', goneBefore).execute();
    },
  };
}

export interface LetterEdge {
  broker: string;
  queueId: number;
  below: number;
  /** When that was seen. */
  at: number;
}

const FEW_NAMED = 2000;

async function idsNamed(db: Kysely<Schema>, groupId: number, q: string): Promise<number[]> {
  const ids = db.selectFrom('letter').select('id').where('groupId', '=', groupId).where('goneAt', 'is', null);
  const rows = [
    ...(await ids
      .where(({ and, eb }) => and(beginsWith(eb, q)))
      .limit(FEW_NAMED + 1)
      .execute()),
    ...(await ids.where('uniqKey', '=', q).execute()),
  ];
  return [...new Set(rows.map(({ id }) => id))];
}

const beginsWith = (eb: ExpressionBuilder<Schema, 'letter'>, q: string) => [
  eb('keys', '>=', q),
  eb('keys', '<', `${q}\u{10ffff}`),
];

function matching(db: Kysely<Schema>, groupId: number, { states, failureId, tag, q, from, to }: LetterFilter) {
  return db
    .selectFrom('letter')
    .where('groupId', '=', groupId)
    .where('goneAt', states?.includes('expired') ? 'is not' : 'is', null)
    .$if(states !== undefined, (query) => query.where('state', 'in', states ?? []))
    .$if(failureId !== undefined, (query) => query.where('failureId', '=', failureId ?? 0))
    .$if(tag !== undefined, (query) => query.where('tag', '=', tag ?? ''))
    .$if(q !== undefined, (query) =>
      query.where(({ eb, or, and }) => or([and(beginsWith(eb, q ?? '')), eb('uniqKey', '=', q ?? '')])),
    )
    .$if(from !== undefined, (query) => query.where('storedAt', '>=', from ?? 0))
    .$if(to !== undefined, (query) => query.where('storedAt', '<', to ?? 0));
}

const failureKey = ({ kind, key }: Pick<LetterFailureTable, 'kind' | 'key'>) => `${kind} ${key}`;

async function failureIds(db: Kysely<Schema>, groupId: number, read: readonly NewLetter[]) {
  const found = new Map(read.map(({ failure }) => [failureKey(failure), failure]));
  await db
    .insertInto('letterFailure')
    .values([...found.values()].map((failure) => ({ groupId, ...failure })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const rows = await db
    .selectFrom('letterFailure')
    .select(['id', 'kind', 'key'])
    .where('groupId', '=', groupId)
    .where('key', 'in', [...new Set([...found.values()].map(({ key }) => key))])
    .execute();
  return new Map(rows.map((row) => [failureKey(row), row.id]));
}

async function nameOrigins(db: Kysely<Schema>, groupId: number, read: readonly NewLetter[]): Promise<void> {
  const topics = [...new Set(read.flatMap(({ originTopic }) => originTopic ?? []))];
  if (topics.length === 0) return;
  await db
    .insertInto('letterOrigin')
    .values(topics.map((topic) => ({ groupId, topic })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

const COLUMNS = [
  'broker',
  'queueId',
  'queueOffset',
  'phyOffset',
  'uniqKey',
  'keys',
  'tag',
  'originTopic',
  'bornAt',
  'storedAt',
  'reconsumeTimes',
  'attempts',
  'bodyBytes',
  'causeProperty',
  'causeText',
  'failureId',
  'rdxOp',
  'rdxN',
] as const satisfies readonly (keyof LetterTable)[];

/** One JSON text for all of them: thousands of bound values would cost the event loop. */
async function insertLetters(
  db: Kysely<Schema>,
  groupId: number,
  rows: readonly Pick<LetterTable, (typeof COLUMNS)[number]>[],
): Promise<void> {
  const text = JSON.stringify(rows.map((row) => COLUMNS.map((column) => row[column])));
  const names = sql.join(COLUMNS.map((column) => sql.ref(column)));
  const values = sql.join(COLUMNS.map((_, index) => sql.raw(`value ->> ${index}`)));
  await sql`insert into "letter" ("groupId", ${names}, "state", "jobId")
    select ${groupId}, ${values}, case when value ->> ${sql.raw(String(COLUMNS.indexOf('rdxOp')))} is null then 'dead' else 'dead_again' end,
      value ->> ${sql.raw(String(COLUMNS.indexOf('rdxOp')))}
    from json_each(${text})`.execute(db);
}

/** Words of letters that the journal knew before the ledger: after the ledger was lost, or when a mark of all waits for them. */
async function settle(db: Kysely<Schema>, groupId: number, span: LetterSpan, read: readonly NewLetter[]) {
  const places = read.map(({ phyOffset }) => phyOffset);
  await sql`update "letter" set ("state", "jobId", "handledBy") =
      (select w."state", w."jobId", w."handledBy" from "letterWord" w where w."id" = "letter"."id")
    where "groupId" = ${groupId} and "broker" = ${span.broker} and "queueId" = ${span.queueId}
      and "phyOffset" between ${Math.min(...places)} and ${Math.max(...places)}
      and exists (select 1 from "operation" o join "letterGroup" g on g."cluster" = o."cluster" and g."id" = ${groupId}
        where o."kind" in ('redrive', 'handle'))`.execute(db);
}

async function widen(db: Kysely<Schema>, groupId: number, span: LetterSpan): Promise<void> {
  const touching = await db
    .selectFrom('letterSpan')
    .selectAll()
    .where('groupId', '=', groupId)
    .where('broker', '=', span.broker)
    .where('queueId', '=', span.queueId)
    .where('from', '<=', span.to)
    .where('to', '>=', span.from)
    .execute();
  const all = [span, ...touching];
  const lowest = all.reduce((low, each) => (each.from < low.from ? each : low));
  const highest = all.reduce((high, each) => (each.to > high.to ? each : high));
  for (const { from } of touching)
    await db
      .deleteFrom('letterSpan')
      .where('groupId', '=', groupId)
      .where('broker', '=', span.broker)
      .where('queueId', '=', span.queueId)
      .where('from', '=', from)
      .execute();
  await db
    .insertInto('letterSpan')
    .values({
      groupId,
      broker: span.broker,
      queueId: span.queueId,
      from: lowest.from,
      to: highest.to,
      fromAt: lowest.fromAt,
      lastPhyOffset: highest.lastPhyOffset,
      damaged: all.reduce((sum, { damaged }) => sum + damaged, 0),
    })
    .execute();
}
