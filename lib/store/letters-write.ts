import { type Kysely, sql } from 'kysely';
import { jsonColumns } from './json-rows';
import type { LetterFailureTable, LetterSpanTable, LetterState, LetterTable } from './letters-schema';
import type { Schema } from './schema';

export type LetterSpan = Omit<LetterSpanTable, 'groupId'>;
/** A letter as it was read; its failure is told by kind, key and label. */
export interface NewLetter
  extends Omit<LetterTable, 'id' | 'groupId' | 'failureId' | 'state' | 'jobId' | 'handledBy' | 'goneAt'> {
  failure: Pick<LetterFailureTable, 'kind' | 'key' | 'label'>;
}

/**
 * A stretch that was read and its letters; neighbouring stretches become one. Nothing is written when another reader has
 * written some of it since.
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
    await insertLetters(db, groupId, span, read, failures);
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

/** What differs between the letters of a stretch; the rest is told once. */
const COLUMNS = [
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
] as const satisfies readonly (keyof LetterTable)[];
type Column = (typeof COLUMNS)[number] | 'rdxOp' | 'rdxN' | 'jobId';

/** Letters that are copies of earlier ones, and all others, which are many. */
async function insertLetters(
  db: Kysely<Schema>,
  groupId: number,
  span: LetterSpan,
  read: readonly NewLetter[],
  failures: ReadonlyMap<string, number>,
): Promise<void> {
  const cellOf = (letter: NewLetter, column: Column) => {
    if (column === 'failureId') return failures.get(failureKey(letter.failure)) ?? 0;
    return column === 'jobId' ? letter.rdxOp : letter[column];
  };
  const insert = (rows: readonly NewLetter[], state: LetterState, columns: readonly Column[]) => {
    const values = rows.map((row) => columns.map((column) => cellOf(row, column)));
    return rows.length > 0 ? insertRows(db, { groupId, ...span, state }, columns, values) : undefined;
  };
  const isCopy = ({ rdxOp }: NewLetter) => rdxOp !== null;
  const copies = read.filter(isCopy);
  const others = copies.length === 0 ? read : read.filter((letter) => !isCopy(letter));
  await insert(others, 'dead', COLUMNS);
  await insert(copies, 'dead_again', [...COLUMNS, 'rdxOp', 'rdxN', 'jobId']);
}

/** One JSON text for all of them: thousands of bound values would cost the event loop. */
async function insertRows(
  db: Kysely<Schema>,
  { groupId, broker, queueId, state }: Pick<LetterTable, 'groupId' | 'broker' | 'queueId' | 'state'>,
  columns: readonly Column[],
  rows: readonly unknown[][],
): Promise<void> {
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into "letter" ("groupId", "broker", "queueId", "state", ${names})
    select ${groupId}, ${broker}, ${queueId}, ${state}, ${jsonColumns(columns)} from json_each(${JSON.stringify(rows)})`.execute(
    db,
  );
}

/** Words of letters that the journal knew before the ledger: after the ledger was lost, or when a mark of all waits for them. */
async function settle(db: Kysely<Schema>, groupId: number, span: LetterSpan, read: readonly NewLetter[]) {
  const places = read.map(({ phyOffset }) => phyOffset);
  await sql`update "letter" set ("state", "jobId", "handledBy") =
      (select w."state", w."jobId", w."handledBy" from "letterWord" w where w."id" = "letter"."id")
    where "groupId" = ${groupId} and "broker" = ${span.broker} and "queueId" = ${span.queueId}
      and "phyOffset" between ${Math.min(...places)} and ${Math.max(...places)}
      and exists (select 1 from "operation" o join "letterGroup" g on g."cluster" = o."cluster" and g."name" = coalesce(o."group", g."name")
          and g."id" = ${groupId}
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
