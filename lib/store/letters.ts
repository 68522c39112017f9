import { type Kysely, sql } from 'kysely';
import { countLetters } from './letters-count';
import { findLetters } from './letters-find';
import type { LetterState } from './letters-schema';
import { traceLetters } from './letters-trace';
import { addLetters, type LetterSpan } from './letters-write';
import type { NewLetters } from './new-letters';
import type { Schema } from './schema';

export function letters(db: Kysely<Schema>) {
  return {
    ...findLetters(db),
    ...countLetters(db),
    ...traceLetters(db),

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
        .select(['broker', 'queueId', 'from', 'to', 'fromAt', 'fromPhyOffset', 'lastPhyOffset', 'damaged'])
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

    /** For `store.batch`: a stretch that was read and its letters, with the numbers of their failures. */
    add: (groupId: number, span: LetterSpan, read: NewLetters, failures: readonly number[]) =>
      addLetters(db, groupId, span, read, failures),

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
        .set({ from: below, fromAt: null, fromPhyOffset: null })
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

    /** What has been gone for longer is forgotten. */
    async sweep(goneBefore: number): Promise<void> {
      await db.deleteFrom('letter').where('goneAt', '<', goneBefore).execute();
      await db.deleteFrom('letterTrace').where('tracedAt', '<', goneBefore).execute();
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
