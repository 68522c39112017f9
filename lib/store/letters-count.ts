import { type Kysely, type Selectable, sql } from 'kysely';
import type { LetterFailureTable, LetterState } from './letters-schema';
import type { Schema } from './schema';

/** Letters of one failure and one word. */
export interface FailureCount {
  failureId: number;
  state: LetterState;
  count: number;
  firstAt: number;
  lastAt: number;
}

const HOUR_MS = 3_600_000;

/** How many letters there are of what, of one group or of all. */
export function countLetters(db: Kysely<Schema>) {
  return {
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
  };
}
