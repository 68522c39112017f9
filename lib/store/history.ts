import type { Kysely, Selectable } from 'kysely';
import type { HistoryGapTable, HistoryJumpTable, HistoryRollupTable } from './history-schema';
import { floorTo, KEEP_MS, MINUTE_MS, TEN_MINUTES_MS } from './history-write';
import type { Schema } from './schema';

/** Finest first; `keepMs` is how far back a tier reaches. Raw samples have no length of their own. */
export const TIERS = [
  { tierMs: 0, keepMs: KEEP_MS.samples },
  { tierMs: MINUTE_MS, keepMs: KEEP_MS.minutes },
  { tierMs: TEN_MINUTES_MS, keepMs: KEEP_MS.tenMinutes },
] as const;
export type TierMs = (typeof TIERS)[number]['tierMs'];

/** Of a raw sample (`tierMs` 0) `at` is its moment, `spanMs` the time before it that its counts belong to. */
export type HistoryRow = Omit<Selectable<HistoryRollupTable>, 'groupId'>;
export type HistoryGap = Omit<Selectable<HistoryGapTable>, 'cluster'>;
export type HistoryJump = Omit<Selectable<HistoryJumpTable>, 'groupId'>;

export interface StoredHistory {
  /** When the group was first seen, epoch ms; null when it never was. */
  firstAt: number | null;
  lastSweepAt: number | null;
  /** The last row before the range: how the group was when it began. */
  base: HistoryRow | null;
  /** Oldest first; the newest of them finer than the rest, because their bucket has not ended. */
  rows: HistoryRow[];
  gaps: HistoryGap[];
  jumps: HistoryJump[];
}

export function history(db: Kysely<Schema>) {
  return {
    /** A group in [from, to) from rows of `tierMs`; `from` is a multiple of the tier's length. */
    async read(
      cluster: string,
      group: string,
      { from, to, tierMs }: { from: number; to: number; tierMs: TierMs },
    ): Promise<StoredHistory> {
      const [found, last, gaps] = await Promise.all([
        db
          .selectFrom('historyGroup')
          .select(['id', 'firstAt'])
          .where('cluster', '=', cluster)
          .where('name', '=', group)
          .executeTakeFirst(),
        db
          .selectFrom('lagSweep')
          .select('at')
          .where('cluster', '=', cluster)
          .orderBy('at', 'desc')
          .limit(1)
          .executeTakeFirst(),
        db
          .selectFrom('historyGap')
          .select(['broker', 'from', 'to', 'reason'])
          .where('cluster', '=', cluster)
          .where('from', '<', to)
          .where((eb) => eb.or([eb('to', 'is', null), eb('to', '>', from)]))
          .orderBy('from')
          .execute(),
      ]);
      const lastSweepAt = last?.at ?? null;
      if (!found) return { firstAt: null, lastSweepAt, base: null, rows: [], gaps, jumps: [] };
      const { id, firstAt } = found;
      const [base, rows, jumps] = await Promise.all([
        baseOf(id, tierMs === 0 ? floorTo(from, MINUTE_MS) : from),
        rowsOf(cluster, id, { from, to, tierMs }),
        db
          .selectFrom('historyJump')
          .select(['at', 'topic', 'direction', 'queues', 'messages'])
          .where('groupId', '=', id)
          .where('at', '>=', from)
          .where('at', '<', to)
          .orderBy('at')
          .execute(),
      ]);
      return { firstAt, lastSweepAt, base, rows, gaps, jumps };
    },
  };

  async function baseOf(groupId: number, from: number): Promise<HistoryRow | null> {
    for (const tierMs of [MINUTE_MS, TEN_MINUTES_MS]) {
      const row = await db
        .selectFrom('historyRollup')
        .select(ROLLUP)
        .where('tierMs', '=', tierMs)
        .where('groupId', '=', groupId)
        .where('at', '<=', from - tierMs)
        .orderBy('at', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row) return row;
    }
    return null;
  }

  async function rowsOf(
    cluster: string,
    groupId: number,
    { from, to, tierMs }: { from: number; to: number; tierMs: TierMs },
  ): Promise<HistoryRow[]> {
    if (tierMs === 0) return rawRows(groupId, floorTo(from, MINUTE_MS), to);
    const tier = await db
      .selectFrom('historyTier')
      .select('rolledTo')
      .where('cluster', '=', cluster)
      .where('tierMs', '=', tierMs)
      .executeTakeFirst();
    const end = Math.min(to, tier?.rolledTo ?? from);
    const rolled = await db
      .selectFrom('historyRollup')
      .select(ROLLUP)
      .where('tierMs', '=', tierMs)
      .where('groupId', '=', groupId)
      .where('at', '>=', from)
      .where('at', '<', end)
      .orderBy('at')
      .execute();
    const rest = Math.max(from, end);
    if (rest >= to) return rolled;
    const finer = tierMs === TEN_MINUTES_MS ? MINUTE_MS : 0;
    return [...rolled, ...(await rowsOf(cluster, groupId, { from: rest, to, tierMs: finer }))];
  }

  /** By minute, as they lie: a range of minutes would read the samples of every group in it. */
  async function rawRows(groupId: number, from: number, to: number): Promise<HistoryRow[]> {
    const begin = Math.max(from, floorTo(to - KEEP_MS.samples - MINUTE_MS, MINUTE_MS));
    const minutes = Array.from(
      { length: Math.ceil((to - begin) / MINUTE_MS) },
      (_, index) => begin + index * MINUTE_MS,
    );
    if (minutes.length === 0) return [];
    const rows = await db
      .selectFrom('historySample')
      .selectAll()
      .where('minute', 'in', minutes)
      .where('groupId', '=', groupId)
      .where('at', '<', to)
      .orderBy('at')
      .execute();
    return rows.map(({ minute: _, groupId: __, ...row }) => ({
      ...row,
      tierMs: 0,
      producedPeak: null,
      consumedPeak: null,
      lagMin: row.lag,
      lagMax: row.lag,
      ageMaxMs: row.age === 0 ? 0 : row.oldestAt === null ? null : row.at - row.oldestAt,
      retriesMax: row.waiting === null || row.due === null ? null : row.waiting + row.due,
      deadMax: row.dead,
      isKnown: row.state === 0 ? 1 : 0,
    }));
  }
}

const ROLLUP = [
  'tierMs',
  'at',
  'spanMs',
  'produced',
  'consumed',
  'producedPeak',
  'consumedPeak',
  'lag',
  'lagMin',
  'lagMax',
  'oldestAt',
  'age',
  'ageMaxMs',
  'waiting',
  'due',
  'retriesMax',
  'dead',
  'deadMax',
  'isKnown',
  'state',
] as const;
