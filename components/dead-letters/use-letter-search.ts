import { useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ErrorLike } from '@/components/shared/states';
import type { LetterHit, LetterSearchEvent } from '@/lib/contract/letter-search';
import { ApiProblem } from '@/lib/queries/fetcher';
import { type LetterSearchInput, letterRowsQuery, ROWS_AT_ONCE, searchLetters } from '@/lib/queries/letter-search';

type Skipped = LetterSearchEvent['skipped'];
/** `stopped` by whoever looks, `cut`: the console went away in the middle, `refused`: it never began. */
type Ended = NonNullable<LetterSearchEvent['ended']> | 'stopped' | 'cut' | 'refused';

export interface LetterSearch {
  hits: readonly LetterHit[];
  /** Null until the first word of the server. */
  progress: (Pick<LetterSearchEvent, 'read' | 'of' | 'at' | 'ledger' | 'failures'> & { skipped: Skipped }) | null;
  ended: Ended | null;
  error: ErrorLike | null;
  stop: () => void;
  /** From where it ended. */
  goOn: () => void;
  again: () => void;
}

const NONE = { hits: [] as LetterHit[], progress: null, ended: null, error: null, cursor: null as string | null };
type State = Pick<LetterSearch, 'progress' | 'ended' | 'error'> & { hits: LetterHit[]; cursor: string | null };

/** Searches while there is something to search for; a new question ends the one before. */
export function useLetterSearch(input: LetterSearchInput | null): LetterSearch {
  const [state, setState] = useState<State>(NONE);
  const running = useRef<AbortController | null>(null);
  const key = input === null ? null : JSON.stringify(input);

  const run = useCallback((question: LetterSearchInput, before: State) => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    let now: State = { ...before, ended: null, error: null };
    const tell = (next: State) => {
      now = next;
      if (running.current === stop) setState(next);
    };
    tell(now);
    searchLetters(
      { ...question, cursor: before.cursor ?? undefined },
      (event) => tell(merged(now, before, event)),
      stop.signal,
    ).then(
      () => now.ended === null && tell({ ...now, ended: stop.signal.aborted ? 'stopped' : 'cut' }),
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const isCut = now.progress !== before.progress || before.progress !== null;
        tell({ ...now, ended: isCut ? 'cut' : 'refused', error: problemOf(error) });
      },
    );
  }, []);

  useEffect(() => {
    if (key === null) return;
    run(JSON.parse(key) as LetterSearchInput, NONE);
    return () => {
      running.current?.abort();
      running.current = null;
      setState(NONE);
    };
  }, [key, run]);

  const question = () => (key === null ? null : (JSON.parse(key) as LetterSearchInput));
  const start = (from: State) => {
    const asked = question();
    if (asked) run(asked, from);
  };
  return {
    ...state,
    hits: useLiveHits(input, state.hits, state.ended !== null),
    stop: () => {
      running.current?.abort();
      setState((last) => (last.ended === null ? { ...last, ended: 'stopped' } : last));
    },
    goOn: () => start(state),
    again: () => start(NONE),
  };
}

/** What this run brings, on top of what was found before it. */
function merged(now: State, before: State, event: LetterSearchEvent): State {
  const base = before.progress;
  const skipped = { ...event.skipped };
  if (base) for (const name of Object.keys(skipped) as (keyof Skipped)[]) skipped[name] += base.skipped[name];
  const done = base ? base.read + base.skipped.gone + base.skipped.silent : 0;
  return {
    hits: event.items.length > 0 ? [...now.hits, ...event.items] : now.hits,
    progress: {
      read: event.read + (base?.read ?? 0),
      of: event.of + done,
      at: event.at,
      skipped,
      ledger: event.ledger,
      failures: [
        ...event.failures,
        ...(base?.failures ?? []).filter(({ broker }) => event.failures.every((each) => each.broker !== broker)),
      ],
    },
    ended: event.ended,
    error: null,
    cursor: event.cursor ?? now.cursor,
  };
}

function problemOf(error: unknown): ErrorLike {
  return error instanceof ApiProblem ? error : { message: '' };
}

/** The hits as the ledger has them now, once the search has ended: what is decided about them shows. */
function useLiveHits(input: LetterSearchInput | null, hits: readonly LetterHit[], hasEnded: boolean) {
  const chunks: string[][] = [];
  if (input && hasEnded)
    for (let from = 0; from < hits.length; from += ROWS_AT_ONCE)
      chunks.push(hits.slice(from, from + ROWS_AT_ONCE).map(({ id }) => id));
  const live = useQueries({
    queries: chunks.map((ids) => letterRowsQuery({ cluster: input?.cluster, group: input?.group ?? '', ids })),
    combine: combineRows,
  });
  return useMemo(() => hits.map((hit) => ({ ...hit, ...live.get(hit.id) })), [hits, live]);
}
const combineRows = (answers: readonly { data: { items: readonly { id: string }[] } | undefined }[]) =>
  new Map(answers.flatMap(({ data }) => data?.items ?? []).map((row) => [row.id, row]));
