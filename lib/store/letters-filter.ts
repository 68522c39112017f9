import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { LetterState } from './letters-schema';

export interface LetterFilter {
  states?: readonly LetterState[] | undefined;
  failureId?: number | undefined;
  tag?: string | undefined;
  /** Beginning of its keys, or its whole unique key. */
  q?: string | undefined;
  /** Its whole unique key, whatever its keys are. */
  uniqKey?: string | undefined;
  /** Died at or after, and before; epoch ms. */
  from?: number | undefined;
  to?: number | undefined;
  /** Number of the newest letter that is meant. */
  upToId?: number | undefined;
  /** Whose letters stay out. */
  notBrokers?: readonly string[] | undefined;
}

/** Whether it lets every letter through. */
export const isOfAll = (filter: LetterFilter): boolean =>
  Object.values(filter).every((each) => each === undefined || (Array.isArray(each) && each.length === 0));

/**
 * Rows of `letter`, by the name that they have in a statement, that a filter lets through. With a plus as `sign` no index
 * but those of word and time serves it.
 */
export function passes(filter: LetterFilter, rows = 'letter', sign = sql``): RawBuilder<SqlBool> {
  const { states, failureId, tag, q, uniqKey, from, to, upToId, notBrokers = [] } = filter;
  const of = (column: string) => sql.ref(`${rows}.${column}`);
  return allOf([
    // The plus keeps the search with the index that has the letters in order.
    upToId !== undefined && sql`+${of('id')} <= ${upToId}`,
    notBrokers.length > 0 && sql`${of('broker')} not in (${sql.join(notBrokers)})`,
    states && sql`${of('state')} in (${sql.join(states)})`,
    failureId !== undefined && sql`${sign}${of('failureId')} = ${failureId}`,
    tag !== undefined && sql`${sign}${of('tag')} = ${tag}`,
    q !== undefined && sql`((${beginsWith(q, rows, sign)}) or ${sign}${of('uniqKey')} = ${q})`,
    uniqKey !== undefined && sql`${sign}${of('uniqKey')} = ${uniqKey}`,
    from !== undefined && sql`${of('storedAt')} >= ${from}`,
    to !== undefined && sql`${of('storedAt')} < ${to}`,
  ]);
}

/** Letters whose keys begin so; a range of their index, unless `sign` is a plus. */
export function beginsWith(q: string, rows = 'letter', sign = sql``): RawBuilder<SqlBool> {
  const keys = sql`${sign}${sql.ref(`${rows}.keys`)}`;
  return sql`${keys} >= ${q} and ${keys} < ${`${q}\u{10ffff}`}`;
}

/** All of those that are there; true when none is. */
export function allOf(parts: readonly (RawBuilder<unknown> | false | null | undefined)[]): RawBuilder<SqlBool> {
  const given = parts.filter((part) => !!part);
  return given.length === 0 ? sql`true` : sql`${sql.join(given, sql` and `)}`;
}
