import {
  createLoader,
  type inferParserType,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server';
import {
  LETTER_AGES,
  LETTER_EXPIRY_HOURS,
  LETTER_FILTERS,
  LETTER_GROUP_FILTERS,
  LETTER_WORDS,
  SEARCH_PLACES,
  SEARCH_TESTS,
} from '@/lib/contract/words';
import type { LetterSearchInput } from '@/lib/queries/letter-search';

/** Address of /dead-letters. */
export const groupsParams = {
  cluster: parseAsString,
  q: parseAsString.withDefault(''),
  sort: parseAsString,
  only: parseAsStringLiteral(LETTER_GROUP_FILTERS),
  /** Hours within which the first letter may expire. */
  within: parseAsInteger,
};
export const readGroupsParams = createLoader(groupsParams);

/** Address of /dead-letters/group. */
export const ledgerParams = {
  cluster: parseAsString,
  group: parseAsString.withDefault(''),
  state: parseAsStringLiteral([...LETTER_FILTERS, ...LETTER_WORDS]).withDefault('all'),
  /** Number of a cause. */
  failure: parseAsInteger,
  q: parseAsString.withDefault(''),
  tag: parseAsString,
  since: parseAsStringLiteral(LETTER_AGES),
  /** Died at or after, and before; epoch ms. */
  from: parseAsInteger,
  to: parseAsInteger,
  /** Where is searched; null while nothing is. */
  in: parseAsStringLiteral(SEARCH_PLACES),
  /** Of a property, or a JSON path. */
  name: parseAsString.withDefault(''),
  is: parseAsStringLiteral(SEARCH_TESTS).withDefault('contains'),
  text: parseAsString.withDefault(''),
  case: parseAsBoolean.withDefault(false),
  /** Record id of the open drawer. */
  letter: parseAsString,
  /** A dialog that is open from the start. */
  act: parseAsStringLiteral(['purge']),
};
export const readLedgerParams = createLoader(ledgerParams);

export const groupsInput = (params: inferParserType<typeof groupsParams>) => ({
  cluster: params.cluster ?? undefined,
  q: params.q || undefined,
  sort: params.sort ?? undefined,
  only: params.only ?? undefined,
  expiresWithinH: LETTER_EXPIRY_HOURS.find((hours) => hours === params.within),
  limit: 100,
});

/** What the server prefetches and the list of groups asks: the newest jobs on dead letters. */
export const recentLetterJobs = (cluster: string | undefined) => ({
  cluster,
  about: 'dead-letters' as const,
  limit: 5,
});

export type LedgerParams = inferParserType<typeof ledgerParams>;

export type Span = Pick<LedgerParams, 'from' | 'to'>;

/** Nothing can have died in it. */
export const isBackwards = ({ from, to }: Span): boolean => from !== null && to !== null && from >= to;

/** What the list is narrowed to; null when it is the whole ledger. */
export function letterFilterOf({ state, failure, q, tag, since, from, to }: LedgerParams) {
  const filter = {
    ...(state !== 'all' && { state }),
    ...(failure !== null && { failure }),
    ...(q && { q }),
    ...(tag && { tag }),
    ...(since && { since }),
    ...(from !== null && { from }),
    ...(to !== null && { to }),
  };
  return Object.keys(filter).length > 0 ? { state, ...filter } : null;
}

export const ledgerInput = (params: LedgerParams) => ({
  cluster: params.cluster ?? undefined,
  group: params.group,
  state: params.state,
  ...letterFilterOf(params),
  limit: 50,
});

/** What is searched for within the filter; null when there is nothing to look for. */
export function searchInput(params: LedgerParams): LetterSearchInput | null {
  const { in: place, name, is, text } = params;
  if (place === null || params.group === '' || (place === 'body' ? text : name) === '') return null;
  return {
    cluster: params.cluster ?? undefined,
    group: params.group,
    state: params.state,
    ...letterFilterOf(params),
    in: place,
    ...(place !== 'body' && { name, is }),
    text,
    ...(params.case && { matchCase: 'true' as const }),
  };
}
/** Reads all letters for what stands anywhere in their keys, where the filter by text only finds how they begin. */
export const searchForKey = (text: string) =>
  ({ ...NO_SEARCH, q: '', in: 'property', name: 'KEYS', text }) satisfies Partial<LedgerParams>;
export const NO_SEARCH = { in: null, name: '', is: 'contains', text: '', case: false } as const;
