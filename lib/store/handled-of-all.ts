import { type Kysely, sql } from 'kysely';
import type { Mark, Watermark } from './handled';
import type { Schema } from './schema';

type Queue = Pick<Watermark, 'broker' | 'queueId'>;
type Below = Queue & Pick<Watermark, 'belowOffset'>;
interface Edge {
  queueOffset: number;
  phyOffset: number;
}
/** Letters of one queue, by their places in the broker's log: above `above` and up to `upTo`. */
interface LogRange extends Queue {
  groupId: number;
  above: number;
  upTo: number;
}

/** Marks of all letters of a queue, raised and lowered page by page. The words of the letters have to follow: `renewWords`. */
export function handledOfAll(db: Kysely<Schema>) {
  const active = ({ cluster, group }: Pick<Mark, 'cluster' | 'group'>, { broker, queueId }: Queue) => sql`
    "cluster" = ${cluster} and "group" = ${group} and "broker" = ${broker} and "queueId" = ${queueId} and "endedAt" is null`;
  const inRange = ({ groupId, broker, queueId, above, upTo }: LogRange) => sql`
    "groupId" = ${groupId} and "broker" = ${broker} and "phyOffset" > ${above} and "phyOffset" <= ${upTo}
    and "queueId" = ${queueId} and "goneAt" is null`;

  return {
    /** Of the letters of a queue that are kept, the one `skip` letters further up, below `belowOffset`; null: fewer are there. */
    async letterAbove(groupId: number, queue: Below, above: number, skip: number): Promise<Edge | null> {
      const { rows } = await sql<Edge>`
        select "queueOffset", "phyOffset" from "letter" indexed by "letterPlace"
        where ${inRange({ ...queue, groupId, above, upTo: Number.MAX_SAFE_INTEGER })} and "queueOffset" < ${queue.belowOffset}
        order by "phyOffset" limit 1 offset ${skip}`.execute(db);
      return rows[0] ?? null;
    },
    /** The same further down. */
    async letterBelow(groupId: number, queue: Below, upTo: number, skip: number): Promise<Edge | null> {
      const { rows } = await sql<Edge>`
        select "queueOffset", "phyOffset" from "letter" indexed by "letterPlace"
        where ${inRange({ ...queue, groupId, above: -1, upTo })} and "queueOffset" < ${queue.belowOffset}
        order by "phyOffset" desc limit 1 offset ${skip}`.execute(db);
      return rows[0] ?? null;
    },

    /** Marks everything below an offset, at least as far as an earlier mark of all did; answers how far. Call within a transaction. */
    async raise(
      { cluster, group, operationId, by, at }: Mark,
      { broker, queueId, belowOffset, lastPhyOffset }: Watermark,
    ) {
      const { rows } = await sql<{ id: number; operationId: string; belowOffset: number }>`
        select "id", "operationId", "belowOffset" from "handledWatermark" where ${active({ cluster, group }, { broker, queueId })}`.execute(
        db,
      );
      const [before] = rows;
      const raised = Math.max(belowOffset, before?.belowOffset ?? 0);
      if (before?.operationId === operationId) {
        await sql`update "handledWatermark" set "belowOffset" = ${raised} where "id" = ${before.id}`.execute(db);
        return raised;
      }
      if (before)
        await sql`update "handledWatermark" set "endedAt" = ${at}, "endedBy" = ${by} where "id" = ${before.id}`.execute(
          db,
        );
      await db
        .insertInto('handledWatermark')
        .values({
          cluster,
          group,
          broker,
          queueId,
          belowOffset: raised,
          // Missing in jobs of older versions.
          lastPhyOffset: lastPhyOffset ?? null,
          operationId,
          handledAt: at,
          handledBy: by,
          endedAt: null,
          endedBy: null,
        })
        .execute();
      return raised;
    },

    /** Everything at or above an offset is no longer marked with all; 0 ends the mark. */
    async lower({ by, at }: Pick<Mark, 'by' | 'at'>, watermark: { id: number }, belowOffset: number): Promise<void> {
      const ended = belowOffset === 0 ? { endedAt: at, endedBy: by } : { belowOffset };
      await db
        .updateTable('handledWatermark')
        .set(ended)
        .where('id', '=', watermark.id)
        .where('endedAt', 'is', null)
        .execute();
    },

    /** Makes the words of letters anew; answers how many of them are handled now that were not, negative: the other way round. */
    async renewWords(range: LogRange): Promise<number> {
      const before = await handledIn(range);
      await sql`update "letter" indexed by "letterPlace" set ("state", "jobId", "handledBy") =
          (select w."state", w."jobId", w."handledBy" from "letterWord" w where w."id" = "letter"."id")
        where ${inRange(range)}`.execute(db);
      return (await handledIn(range)) - before;
    },
  };

  async function handledIn(range: LogRange): Promise<number> {
    const { rows } = await sql<{ count: number }>`select count(*) as "count" from "letter" indexed by "letterPlace"
      where ${inRange(range)} and "state" = 'handled'`.execute(db);
    return rows[0]?.count ?? 0;
  }
}
