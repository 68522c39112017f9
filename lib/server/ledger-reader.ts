import 'server-only';
import type { Ctx } from '@/lib/domain/ctx';
import { followLedgers } from '@/lib/domain/dead-letters/follow-ledgers';
import { lookAfterRestarts } from '@/lib/domain/purge/look-again';
import { log } from './log';

/** Between two turns when everything has been read, and when something is left. */
const IDLE_MS = 2000;
const BUSY_MS = 50;
/** One turn; a ledger of millions of letters takes many. */
const TURN_MS = 5000;

/** Keeps the ledgers of a cluster up with its dead-letter queues, and sees what a restart brings back; one reader, whatever the number of viewers. */
export function startLedgerReader(
  cluster: string,
  makeCtx: (signal: AbortSignal, deadlineAt: number) => Ctx,
): { start(): void; stop(): void } {
  const stopped = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isFailing = false;

  async function turn(): Promise<void> {
    let hasMore = false;
    try {
      const ctx = makeCtx(stopped.signal, Date.now() + TURN_MS);
      hasMore = await followLedgers(ctx);
      await lookAfterRestarts(ctx);
      isFailing = false;
    } catch (error) {
      if (!isFailing && !stopped.signal.aborted) log.warn({ cluster, err: error }, 'dead letters could not be read');
      isFailing = true;
    }
    if (!stopped.signal.aborted) timer = setTimeout(() => void turn(), hasMore && !isFailing ? BUSY_MS : IDLE_MS);
  }

  return {
    start: () => void turn(),
    stop() {
      stopped.abort();
      clearTimeout(timer);
    },
  };
}
