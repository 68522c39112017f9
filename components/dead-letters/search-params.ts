import { createLoader, type inferParserType, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { LETTER_AGES, LETTER_EXPIRY_HOURS, LETTER_FILTERS, LETTER_GROUP_FILTERS } from '@/lib/contract/words';

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
  state: parseAsStringLiteral(LETTER_FILTERS).withDefault('all'),
  /** Number of a cause. */
  failure: parseAsInteger,
  q: parseAsString.withDefault(''),
  tag: parseAsString,
  since: parseAsStringLiteral(LETTER_AGES),
  /** Record id of the open drawer. */
  letter: parseAsString,
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

/** What the list is narrowed to; null when it is the whole ledger. */
export function letterFilterOf({ state, failure, q, tag, since }: LedgerParams) {
  const filter = {
    ...(state !== 'all' && { state }),
    ...(failure !== null && { failure }),
    ...(q && { q }),
    ...(tag && { tag }),
    ...(since && { since }),
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
