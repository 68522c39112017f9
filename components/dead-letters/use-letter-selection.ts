import { useState } from 'react';
import type { LetterRow } from '@/lib/contract/dead-letters';
import type { Selection } from '@/lib/contract/plans';

/** Most letters of one job in this version. */
export const MAX_SELECTED = 1_000;

/** What is ticked, by record id, or the whole ledger of the group. */
export function useLetterSelection(rows: readonly LetterRow[], total: number) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [isAll, setAll] = useState(false);
  const ticked = rows.filter(({ id }) => ids.has(id));
  const count = isAll ? total : ids.size;
  const isComplete = isAll ? rows.length >= total : ticked.length === ids.size;
  return {
    ids,
    isAll,
    count,
    /** Null while some of them are not loaded, so that the sum is never short. */
    bytes: isComplete ? (isAll ? rows : ticked).reduce((sum, { bodyBytes }) => sum + bodyBytes, 0) : null,
    allHandled: count > 0 && !isAll && ticked.every(({ state }) => state === 'handled'),
    selection: (isAll ? { all: true } : { ids: [...ids] }) satisfies Selection,
    setIds: (next: ReadonlySet<string>) => setIds(next),
    setAll,
    clear: () => {
      setIds(new Set());
      setAll(false);
    },
  };
}
export type LetterSelection = ReturnType<typeof useLetterSelection>;
