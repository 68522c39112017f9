import { type Kysely, sql } from 'kysely';
import type { LetterFailureTable, LetterSpanTable, LetterTable } from './letters-schema';
import type { Schema } from './schema';

export type LetterSpan = Omit<LetterSpanTable, 'groupId'>;
/** A letter as it was read; its failure is told by kind, key and label. */
export interface NewLetter
  extends Omit<LetterTable, 'id' | 'groupId' | 'failureId' | 'state' | 'jobId' | 'handledBy' | 'goneAt'> {
  failure: Pick<LetterFailureTable, 'kind' | 'key' | 'label'>;
}

/**
 * A stretch that was read and its letters; neighbouring stretches become one. Nothing is written when another reader has
 * written some of it since: bundles of one build know nothing of each other's readers.
 */
export async function addLetters(
  db: Kysely<Schema>,
  groupId: number,
  span: LetterSpan,
  read: readonly NewLetter[],
): Promise<void> {
  const written = await db
    .selectFrom('letterSpan')
    .select('from')
    .where('groupId', '=', groupId)
    .where('broker', '=', span.broker)
    .where('queueId', '=', span.queueId)
    .where('from', '<', span.to)
    .where('to', '>', span.from)
    .executeTakeFirst();
  if (written) return;
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
