import { type Kysely, sql } from 'kysely';
import { chunks } from './chunks';
import { handledByFilter } from './handled-by-filter';
import { handledOfAll } from './handled-of-all';
import type { SourceIdentity } from './items';
import type { HandledTable, HandledWatermarkTable, Schema } from './schema';

export interface Mark {
  cluster: string;
  group: string;
  operationId: string;
  by: string;
  at: number;
}
export interface Watermark {
  broker: string;
  queueId: number;
  /** Every letter of the queue below this queue offset is handled. */
  belowOffset: number;
  /** But none that lies behind this place in the broker's log: its topic was deleted since. Null: unknown. */
  lastPhyOffset: number | null;
}
type LetterMark = Pick<HandledTable, 'broker' | 'phyOffset' | 'uniqKey' | 'operationId'>;
type AllMark = Watermark & Pick<HandledWatermarkTable, 'operationId'>;

/** Whether a mark of all is on this letter. */
export const covers = (
  { broker, queueId, belowOffset, lastPhyOffset }: Watermark,
  letter: Pick<SourceIdentity, 'broker' | 'phyOffset'> & { queueId: number; queueOffset: number },
): boolean =>
  broker === letter.broker &&
  queueId === letter.queueId &&
  letter.queueOffset < belowOffset &&
  letter.phyOffset <= (lastPhyOffset ?? letter.phyOffset);

/** What people have settled: marks of single letters, and marks of all letters of a queue as of a moment. */
export function handled(db: Kysely<Schema>) {
  const watermarks = (cluster: string, group: string) =>
    db
      .selectFrom('handledWatermark')
      .select(['id', 'broker', 'queueId', 'belowOffset', 'lastPhyOffset', 'operationId'])
      .where('cluster', '=', cluster)
      .where('group', '=', group)
      .where('endedAt', 'is', null)
      .orderBy('broker')
      .orderBy('queueId')
      .execute();

  const hasSingle = async (cluster: string, group: string) => {
    const mark = db
      .selectFrom('handled')
      .select('id')
      .where('cluster', '=', cluster)
      .where('group', '=', group)
      .where('reopenedAt', 'is', null);
    return (await mark.limit(1).executeTakeFirst()) !== undefined;
  };

  return {
    ...handledByFilter(db),
    ...handledOfAll(db),

    /** Marks letters; those already marked stay as they were. Call within a transaction. */
    async mark({ cluster, group, operationId, by, at }: Mark, letters: readonly SourceIdentity[]): Promise<void> {
      for (const chunk of chunks(letters)) {
        await db
          .insertInto('handled')
          .values(
            chunk.map((letter) => ({
              cluster,
              group,
              ...letter,
              operationId,
              handledAt: at,
              handledBy: by,
              reopenedAt: null,
              reopenedBy: null,
            })),
          )
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    },
    async reopen(
      { cluster, group, by, at }: Omit<Mark, 'operationId'>,
      letters: readonly SourceIdentity[],
    ): Promise<void> {
      for (const letter of letters) {
        await db
          .updateTable('handled')
          .set({ reopenedAt: at, reopenedBy: by })
          .where('cluster', '=', cluster)
          .where('group', '=', group)
          .where('broker', '=', letter.broker)
          .where('phyOffset', '=', letter.phyOffset)
          .where('uniqKey', '=', letter.uniqKey)
          .where('reopenedAt', 'is', null)
          .execute();
      }
    },

    watermarks,

    /** The marks in force on these letters. */
    async on(cluster: string, group: string, letters: readonly SourceIdentity[]) {
      const [all, isAnySingle]: [AllMark[], boolean] = await Promise.all([
        watermarks(cluster, group),
        hasSingle(cluster, group),
      ]);
      const marked = new Map<string, LetterMark>();
      // A redrive asks for each of its windows, and most groups have none.
      for (const chunk of isAnySingle ? chunks(letters) : []) {
        const places = JSON.stringify(chunk.map(({ broker, phyOffset, uniqKey }) => [broker, phyOffset, uniqKey]));
        const { rows } = await sql<LetterMark>`
          select h."broker", h."phyOffset", h."uniqKey", h."operationId" from json_each(${places}) e
          join "handled" h on h."cluster" = ${cluster} and h."group" = ${group} and h."broker" = e."value" ->> 0
            and h."phyOffset" = e."value" ->> 1 and h."uniqKey" = e."value" ->> 2 and h."reopenedAt" is null`.execute(
          db,
        );
        for (const row of rows) marked.set(identity(row), row);
      }
      return {
        watermarks: all,
        find: (letter: SourceIdentity & { queueId: number; queueOffset: number }): LetterMark | AllMark | undefined =>
          marked.get(identity(letter)) ?? all.find((watermark) => covers(watermark, letter)),
      };
    },

    /** Marks of single letters of a group. */
    async countSingle(cluster: string, group: string): Promise<number> {
      const { count } = await db
        .selectFrom('handled')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('cluster', '=', cluster)
        .where('group', '=', group)
        .where('reopenedAt', 'is', null)
        .executeTakeFirstOrThrow();
      return count;
    },
    /** Letters and marks with higher numbers come later. */
    async newest(): Promise<{ letter: number; single: number; all: number }> {
      const { rows } = await sql<{ letter: number; single: number; all: number }>`
        select coalesce((select max("id") from "letter"), 0) as "letter",
          coalesce((select max("id") from "handled"), 0) as "single",
          coalesce((select max("id") from "handledWatermark"), 0) as "all"`.execute(db);
      return rows[0] ?? { letter: 0, single: 0, all: 0 };
    },
    /** Takes back at most `limit` marks of single letters and says how many those were. */
    async reopenSome(
      { cluster, group, by, at }: Omit<Mark, 'operationId'>,
      { broker, upTo }: { broker?: string; upTo?: number },
      limit: number,
    ): Promise<number> {
      const { numUpdatedRows } = await db
        .updateTable('handled')
        .set({ reopenedAt: at, reopenedBy: by })
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('handled')
            .select('id')
            .where('cluster', '=', cluster)
            .where('group', '=', group)
            .where('reopenedAt', 'is', null)
            .$if(broker !== undefined, (query) => query.where('broker', '=', broker ?? ''))
            .$if(upTo !== undefined, (query) => query.where('id', '<=', upTo ?? 0))
            .limit(limit),
        )
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    },
  };
}

const identity = ({ broker, phyOffset, uniqKey }: SourceIdentity) => `${broker} ${phyOffset} ${uniqKey}`;
