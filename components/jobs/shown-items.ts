import { exceptionsOf } from './outcome-looks';

/** Exceptions first: they alone are shown while there are any, unless the address says otherwise. */
export const shownItems = (
  asked: 'exceptions' | 'all' | null,
  outcomes: Record<string, number>,
): 'exceptions' | 'all' => asked ?? (exceptionsOf(outcomes) > 0 ? 'exceptions' : 'all');
