import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';

/** Address of /dead-letters. */
export const groupsParams = { cluster: parseAsString, q: parseAsString.withDefault(''), sort: parseAsString };
export const readGroupsParams = createLoader(groupsParams);

export const LETTER_FILTERS = ['all', 'open', 'handled', 'redriven'] as const;
export type LetterFilter = (typeof LETTER_FILTERS)[number];

/** Address of /dead-letters/group. */
export const ledgerParams = {
  cluster: parseAsString,
  group: parseAsString.withDefault(''),
  state: parseAsStringLiteral(LETTER_FILTERS).withDefault('all'),
  /** Record id of the open drawer. */
  letter: parseAsString,
};
export const readLedgerParams = createLoader(ledgerParams);

export const groupsInput = (params: { cluster: string | null; q: string; sort: string | null }) => ({
  cluster: params.cluster ?? undefined,
  q: params.q || undefined,
  sort: params.sort ?? undefined,
  limit: 100,
});

export const ledgerInput = (params: { cluster: string | null; group: string; state: LetterFilter }) => ({
  cluster: params.cluster ?? undefined,
  group: params.group,
  state: params.state,
  limit: 50,
});
