import { useState } from 'react';
import type { LetterRow } from '@/lib/contract/dead-letters';
import type { Selection } from '@/lib/contract/plans';

/** Most letters that are chosen one by one. */
export const MAX_SELECTED = 1_000;

type Filter = Extract<Selection, { filter: unknown }>['filter'];

/**
 * What is ticked, by record id, or everything that matches: what the filter lets through, else the whole ledger. What a
 * search found has no such words: `onlyIds`.
 */
export function useLetterSelection(rows: readonly LetterRow[], filter: Filter | null, total: number, onlyIds: boolean) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [wantsAll, setAll] = useState(false);
  const isAll = wantsAll && !onlyIds;
  const ticked = rows.filter(({ id }) => ids.has(id));
  const count = isAll ? total : ids.size;
  const isComplete = isAll ? rows.length >= total : ticked.length === ids.size;
  return {
    ids,
    isAll,
    count,
    /** Null while some of them are not loaded, so that the sum is never short. */
    bytes: isComplete ? (isAll ? rows : ticked).reduce((sum, { bodyBytes }) => sum + bodyBytes, 0) : null,
    allHandled: count > 0 && (isAll ? filter?.state === 'handled' : ticked.every(({ state }) => state === 'handled')),
    selection: (isAll ? (filter ? { filter } : { all: true }) : { ids: [...ids] }) satisfies Selection,
    setIds: (next: ReadonlySet<string>) => setIds(next),
    setAll,
    clear: () => {
      setIds(new Set());
      setAll(false);
    },
  };
}
export type LetterSelection = ReturnType<typeof useLetterSelection>;
