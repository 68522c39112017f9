import { useEffect, useRef, useState } from 'react';

export type PaletteHit = { kind: 'group' | 'topic'; name: string };
/** Best hits first, a handful of each kind. */
export type PaletteSearch = (
  text: string,
  cluster: string | null,
  signal: AbortSignal,
) => Promise<readonly PaletteHit[]>;

const WAIT_MS = 120;

/** What the palette's text finds, once the text has rested. */
export function useHits(search: PaletteSearch, wanted: string, cluster: string | null) {
  const [state, setState] = useState<{ hits: readonly PaletteHit[]; failure: string | null; isSearching: boolean }>({
    hits: [],
    failure: null,
    isSearching: false,
  });
  const run = useRef(search);
  run.current = search;
  useEffect(() => {
    if (!wanted) return setState({ hits: [], failure: null, isSearching: false });
    const stop = new AbortController();
    setState((before) => ({ ...before, isSearching: true }));
    const timer = setTimeout(() => {
      run.current(wanted, cluster, stop.signal).then(
        (hits) => stop.signal.aborted || setState({ hits, failure: null, isSearching: false }),
        (error: unknown) =>
          stop.signal.aborted ||
          setState({ hits: [], failure: error instanceof Error ? error.message : String(error), isSearching: false }),
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted, cluster]);
  return state;
}
