import type { Kysely } from 'kysely';
import { chunks } from './chunks';
import type { SourceIdentity } from './items';
import type { Schema } from './schema';

interface Mark {
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
}

export function handled(db: Kysely<Schema>) {
  return {
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
    async reopen({ cluster, group, by, at }: Mark, letters: readonly SourceIdentity[]): Promise<void> {
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
    /** "All as of now": replaces the watermark of each queue. Call within a transaction. */
    async markAll({ cluster, group, operationId, by, at }: Mark, queues: readonly Watermark[]): Promise<void> {
      for (const queue of queues) {
        await endWatermarks({ cluster, group, by, at }, queue);
        await db
          .insertInto('handledWatermark')
          .values({ cluster, group, ...queue, operationId, handledAt: at, handledBy: by, endedAt: null, endedBy: null })
          .execute();
      }
    },
    /** Takes every mark of the group back: a reopen of all, or a purge, after which offsets start again at 0. */
    async reopenAll({ cluster, group, by, at }: Omit<Mark, 'operationId'>, broker?: string): Promise<void> {
      await db
        .updateTable('handled')
        .set({ reopenedAt: at, reopenedBy: by })
        .where('cluster', '=', cluster)
        .where('group', '=', group)
        .where('reopenedAt', 'is', null)
        .$if(broker !== undefined, (query) => query.where('broker', '=', broker ?? ''))
        .execute();
      await endWatermarks({ cluster, group, by, at }, broker === undefined ? undefined : { broker });
    },
    /** The marks in force, by broker; `isHandled` answers for one letter. */
    async ofGroup(cluster: string, group: string) {
      const letters = await db
        .selectFrom('handled')
        .select(['broker', 'phyOffset', 'uniqKey', 'handledAt', 'handledBy', 'operationId'])
        .where('cluster', '=', cluster)
        .where('group', '=', group)
        .where('reopenedAt', 'is', null)
        .execute();
      const watermarks = await db
        .selectFrom('handledWatermark')
        .select(['broker', 'queueId', 'belowOffset', 'handledAt', 'handledBy', 'operationId'])
        .where('cluster', '=', cluster)
        .where('group', '=', group)
        .where('endedAt', 'is', null)
        .execute();
      const marked = new Map(letters.map((letter) => [identity(letter), letter]));
      const below = new Map(watermarks.map((watermark) => [`${watermark.broker} ${watermark.queueId}`, watermark]));
      return {
        letters,
        watermarks,
        find(letter: SourceIdentity & { queueId: number; queueOffset: number }) {
          const watermark = below.get(`${letter.broker} ${letter.queueId}`);
          return (
            marked.get(identity(letter)) ??
            (watermark && letter.queueOffset < watermark.belowOffset ? watermark : undefined)
          );
        },
      };
    },
  };

  async function endWatermarks(
    { cluster, group, by, at }: Omit<Mark, 'operationId'>,
    of?: { broker: string; queueId?: number },
  ) {
    await db
      .updateTable('handledWatermark')
      .set({ endedAt: at, endedBy: by })
      .where('cluster', '=', cluster)
      .where('group', '=', group)
      .where('endedAt', 'is', null)
      .$if(of !== undefined, (query) => query.where('broker', '=', of?.broker ?? ''))
      .$if(of?.queueId !== undefined, (query) => query.where('queueId', '=', of?.queueId ?? 0))
      .execute();
  }
}

const identity = ({ broker, phyOffset, uniqKey }: SourceIdentity) => `${broker} ${phyOffset} ${uniqKey}`;
