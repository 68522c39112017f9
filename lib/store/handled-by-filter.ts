import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Mark } from './handled';
import { allOf, type LetterFilter, passes } from './letters-filter';
import type { Schema } from './schema';

/** Letters as a filter chose them at some moment: what came into the ledger later has a higher number. */
export interface FrozenFilter extends LetterFilter {
  groupId: number;
  upToId: number;
  notBrokers: readonly string[];
}
/** In the order of the index alone: letters of one millisecond stand as they came into the ledger. */
export interface StretchEnd {
  storedAt: number;
  id: number;
}
/** Letters of a group that the cluster still has, newest first: below `after`, down to `through`; null: from the newest, to the oldest. */
export interface LetterStretch {
  after: StretchEnd | null;
  through: StretchEnd | null;
}
/** Letters of a stretch that a filter lets through, by the marks that are on them. */
export interface MarkCounts {
  letters: number;
  /** Marked alone. */
  single: number;
  /** Marked with all others of its queue. */
  all: number;
  /** Either or both. */
  marked: number;
}

/** Marks on letters that a filter chooses, stretch by stretch: each statement looks at no more letters than one of them has. */
export function handledByFilter(db: Kysely<Schema>) {
  return {
    /** The last of the next `size` letters below `after`; null: fewer are left. */
    async endOfStretch(groupId: number, after: StretchEnd | null, size: number): Promise<StretchEnd | null> {
      const { rows } = await sql<StretchEnd>`
        select l."storedAt", l."id" from "letter" l indexed by "letterTime"
        where ${keptIn(groupId, { after, through: null })}
        order by l."storedAt" desc, l."id" desc limit 1 offset ${size - 1}`.execute(db);
      return rows[0] ?? null;
    },

    async countMarks(
      { cluster, group }: Pick<Mark, 'cluster' | 'group'>,
      filter: FrozenFilter,
      stretch: LetterStretch,
    ): Promise<MarkCounts> {
      const single = sql`exists (select 1 from "handled" h where ${marks(cluster, group)})`;
      const all = covered(cluster, group);
      const { rows } = await sql<Record<keyof MarkCounts, number | null>>`
        select count(*) as "letters", sum(${single}) as "single", sum(${all}) as "all", sum(${single} or ${all}) as "marked"
        from "letter" l indexed by "letterTime"
        where ${keptIn(filter.groupId, stretch)} and ${passes(filter, 'l')}`.execute(db);
      const { letters, single: one, all: every, marked } = rows[0] ?? {};
      return { letters: letters ?? 0, single: one ?? 0, all: every ?? 0, marked: marked ?? 0 };
    },

    /** Marks those that nothing marks yet; answers how many. */
    async markStretch(
      { cluster, group, operationId, by, at }: Mark,
      filter: FrozenFilter,
      stretch: LetterStretch,
    ): Promise<number> {
      const { numAffectedRows } = await sql`
        insert into "handled" ("cluster", "group", "broker", "phyOffset", "uniqKey", "operationId", "handledAt", "handledBy")
        select ${cluster}, ${group}, l."broker", l."phyOffset", l."uniqKey", ${operationId}, ${at}, ${by}
        from "letter" l indexed by "letterTime"
        where ${keptIn(filter.groupId, stretch)} and ${passes(filter, 'l')} and not ${covered(cluster, group)}
        on conflict do nothing`.execute(db);
      return Number(numAffectedRows ?? 0);
    },

    /** Takes back the marks of single letters up to number `upToMark`, of letters that no mark of all covers. */
    async reopenStretch(
      { cluster, group, by, at }: Omit<Mark, 'operationId'>,
      filter: FrozenFilter,
      stretch: LetterStretch,
      upToMark: number,
    ): Promise<number> {
      const { numAffectedRows } = await sql`
        update "handled" set "reopenedAt" = ${at}, "reopenedBy" = ${by} where "id" in (
          select h."id" from "letter" l indexed by "letterTime" join "handled" h on ${marks(cluster, group)}
          where ${keptIn(filter.groupId, stretch)} and ${passes(filter, 'l')} and h."id" <= ${upToMark}
            and not ${covered(cluster, group)})`.execute(db);
      return Number(numAffectedRows ?? 0);
    },
  };
}

const marks = (cluster: string, group: string) => sql`h."cluster" = ${cluster} and h."group" = ${group}
  and h."broker" = l."broker" and h."phyOffset" = l."phyOffset" and h."uniqKey" = l."uniqKey" and h."reopenedAt" is null`;

const covered = (cluster: string, group: string) => sql`exists (select 1 from "handledWatermark" w
  where w."cluster" = ${cluster} and w."group" = ${group} and w."broker" = l."broker" and w."queueId" = l."queueId"
    and w."endedAt" is null and w."belowOffset" > l."queueOffset" and coalesce(w."lastPhyOffset" >= l."phyOffset", true))`;

function keptIn(groupId: number, { after, through }: LetterStretch): RawBuilder<unknown> {
  const place = sql`(l."storedAt", l."id")`;
  return allOf([
    sql`l."groupId" = ${groupId} and l."goneAt" is null`,
    after && sql`${place} < (${after.storedAt}, ${after.id})`,
    through && sql`${place} >= (${through.storedAt}, ${through.id})`,
  ]);
}
