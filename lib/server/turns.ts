import 'server-only';
import type { Ctx } from '@/lib/domain/ctx';
import { log } from './log';

export interface Turns {
  /** Begins them; called once the runtime exists. */
  start(): void;
  stop(): void;
}

/** Work on a cluster that goes on in the background, one turn after the other. `restMs` of a turn that failed is that of `undefined`. */
export function startTurns<T>(
  cluster: string,
  makeCtx: (signal: AbortSignal, deadlineAt: number) => Ctx,
  {
    turn,
    turnMs,
    restMs,
    failed,
  }: {
    turn: (ctx: Ctx) => Promise<T>;
    /** Deadline of one. */
    turnMs: number;
    restMs: (result: T | undefined) => number;
    /** Logged once, until a turn succeeds. */
    failed: string;
  },
): Turns {
  const stopped = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isFailing = false;

  async function next(): Promise<void> {
    let result: T | undefined;
    try {
      result = await turn(makeCtx(stopped.signal, Date.now() + turnMs));
      isFailing = false;
    } catch (error) {
      if (!isFailing && !stopped.signal.aborted) log.warn({ cluster, err: error }, failed);
      isFailing = true;
    }
    if (!stopped.signal.aborted) timer = setTimeout(() => void next(), restMs(result));
  }

  return {
    start: () => void next(),
    stop() {
      stopped.abort();
      clearTimeout(timer);
    },
  };
}
