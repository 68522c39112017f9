import type { LetterFilter } from '@/lib/contract/dead-letters';
import { parseMessageId } from '@/lib/rocketmq/codec/message-id';
import type { LetterFilter as StoredFilter } from '@/lib/store/letters-filter';
import type { LetterState } from '@/lib/store/letters-schema';
import { hiddenFromSearch } from '../masking/hidden';
import type { Mask } from '../masking/mask';

const HOUR_MS = 3_600_000;
const AGES_MS = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 7 * 24 * HOUR_MS } as const;

/** What nobody has settled. */
export const OPEN_WORDS: readonly LetterState[] = ['dead', 'dead_again', 'redriving', 'unknown'];

/** Words behind a filter of the list; undefined: all that the cluster still has. */
export const STATES_OF: Readonly<Record<LetterFilter['state'], readonly LetterState[] | undefined>> = {
  all: undefined,
  open: OPEN_WORDS,
  handled: ['handled'],
  redriven: ['redriven', 'consumed'],
  expired: ['expired'],
  dead: ['dead'],
  dead_again: ['dead_again'],
  redriving: ['redriving'],
  unknown: ['unknown'],
  redriven_only: ['redriven'],
  consumed: ['consumed'],
};

export const countOf = (counts: Partial<Record<LetterState, number>>, states: readonly LetterState[] = []): number =>
  states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);

export const isOpen = (state: LetterState): boolean => OPEN_WORDS.includes(state);

/** A filter as the store takes it. Where keys are hidden a letter is found by its id alone: FORBIDDEN for any other text. */
export function storedFilter(
  { state, failure, tag, q, since, from, to }: LetterFilter,
  mask: Mask | null,
  now: number,
): StoredFilter {
  if (q && mask?.keys && parseMessageId(q).kind === 'key') throw hiddenFromSearch(mask);
  const floors = [from, since && now - AGES_MS[since]];
  const given = floors.filter((floor) => floor !== undefined);
  return {
    states: STATES_OF[state],
    failureId: failure,
    tag,
    ...(q && (mask?.keys ? { uniqKey: q } : { q })),
    from: given.length > 0 ? Math.max(...given) : undefined,
    to,
  };
}
