import { CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely';
import type { BatchStatement, Columns } from './batch';
import { jsonColumns, jsonRows, statement } from './json-rows';
import type { LetterSpanTable, LetterState } from './letters-schema';
import { COPY_COLUMNS, LETTER_COLUMNS, type NewLetters } from './new-letters';
import type { Schema } from './schema';

export type LetterSpan = Omit<LetterSpanTable, 'groupId'>;
interface Place {
  first: number;
  last: number;
}

/**
 * For `store.batch`: a stretch that was read and its letters; neighbouring stretches become one. Nothing is written when
 * another reader has written some of it since. All in one piece: an answer in between would wait for who decodes the next letters.
 */
export function addLetters(
  db: Kysely<Schema>,
  groupId: number,
  span: LetterSpan,
  letters: NewLetters,
  failureIds: readonly number[],
): BatchStatement[] {
  const queue = { groupId, broker: span.broker, queueId: span.queueId };
  const run = (query: RawBuilder<unknown>) => statement(db, query);
  const guard = sql`select 1 from "letterSpan" where ${ofQueue(queue)} and "from" < ${span.to} and "to" > ${span.from} limit 1`;
  const places = letters.edges('phyOffset');
  const { others, copies } = letters.byColumn(failureIds);
  const hasCopies = copies[0] !== undefined && copies[0].length > 0;
  return [
    { ...run(guard), isGuard: true },
    ...(places ? [...inserts(queue, others, copies), run(tally(queue, letters))] : []),
    ...(places ? [run(settle(queue, places, hasCopies))] : []),
    run(sql`insert into "letterSpan" ("groupId", "broker", "queueId", "from", "to", "fromAt", "fromPhyOffset", "lastPhyOffset", "damaged")
      values (${groupId}, ${span.broker}, ${span.queueId}, ${span.from}, ${span.to}, ${span.fromAt}, ${span.fromPhyOffset}, ${span.lastPhyOffset}, ${span.damaged})`),
    ...[span.to, span.from].flatMap((at) => joinAt(queue, at)).map(run),
  ];
}

type Queue = { groupId: number } & Pick<LetterSpan, 'broker' | 'queueId'>;
const ofQueue = ({ groupId, broker, queueId }: Queue, rows = '') => {
  const of = (column: string) => sql.ref(rows ? `${rows}.${column}` : column);
  return sql`${of('groupId')} = ${groupId} and ${of('broker')} = ${broker} and ${of('queueId')} = ${queueId}`;
};

const TALLY_COLUMNS = ['originTopic', 'isEmpty', 'count', 'bytes'] as const;
const tally = ({ groupId, broker }: Queue, letters: NewLetters) => sql`
  insert into "letterTally" ("groupId", "broker", ${sql.join(TALLY_COLUMNS.map((name) => sql.ref(name)))})
  select ${groupId}, ${broker}, ${jsonColumns(TALLY_COLUMNS)} from json_each(${jsonRows(letters.tally(), TALLY_COLUMNS)}) where true
  on conflict do update set "count" = "count" + excluded."count", "bytes" = "bytes" + excluded."bytes"`;

/** Letters that are copies of earlier ones, and all others, which are many. */
function inserts(queue: Queue, others: Columns, copies: Columns): BatchStatement[] {
  const insert = (state: LetterState, columns: readonly string[], values: Columns): BatchStatement => {
    const names = ['groupId', 'broker', 'queueId', 'state', ...columns].map((name) => `"${name}"`);
    const same = [queue.groupId, queue.broker, queue.queueId, state];
    const text = `insert into "letter" (${names.join(', ')})`;
    return { compile: () => CompiledQuery.raw(text, same), byColumn: values };
  };
  return [insert('dead', LETTER_COLUMNS, others), insert('dead_again', [...LETTER_COLUMNS, ...COPY_COLUMNS], copies)];
}

/**
 * Words of letters that the journal knew before the ledger: after the ledger was lost, or when a mark of all waits for them;
 * and of copies, which may have died for another group than the one they were sent again for.
 */
const settle = (queue: Queue, { first, last }: Place, hasCopies: boolean) => sql`
  update "letter" set ("state", "jobId", "handledBy") =
    (select w."state", w."jobId", w."handledBy" from "letterWord" w where w."id" = "letter"."id")
  where "id" in (
    select l."id" from (
      select 1 where ${hasCopies ? 1 : 0}
      union
      select 1 from "operation" o join "letterGroup" g on g."cluster" = o."cluster" and g."name" = coalesce(o."group", g."name")
      where g."id" = ${queue.groupId} and o."kind" in ('redrive', 'handle'))
    cross join "letter" l indexed by "letterPlace"
    where ${ofQueue(queue, 'l')} and l."phyOffset" between ${first} and ${last})`;

/** The stretch that ends at an offset and the one that begins there become one. */
const joinAt = (queue: Queue, at: number) => [
  sql`update "letterSpan" as low set ("to", "lastPhyOffset", "damaged") = (
      select high."to", high."lastPhyOffset", low."damaged" + high."damaged" from "letterSpan" high
      where ${ofQueue(queue, 'high')} and high."from" = ${at})
    where ${ofQueue(queue, 'low')} and low."to" = ${at}
      and exists (select 1 from "letterSpan" high where ${ofQueue(queue, 'high')} and high."from" = ${at})`,
  sql`delete from "letterSpan" where ${ofQueue(queue)} and "from" = ${at}
    and exists (select 1 from "letterSpan" low where ${ofQueue(queue, 'low')} and low."from" < ${at} and low."to" > ${at})`,
];
