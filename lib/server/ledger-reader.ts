import 'server-only';
import type { Ctx } from '@/lib/domain/ctx';
import { followLedgers } from '@/lib/domain/dead-letters/follow-ledgers';
import { keepTraceResults } from '@/lib/domain/dead-letters/trace-results';
import { lookAfterRestarts } from '@/lib/domain/purge/look-again';
import { startTurns, type Turns } from './turns';

/** Between two turns when everything has been read, and when something is left. */
const IDLE_MS = 2000;
const BUSY_MS = 50;
/** One turn; a ledger of millions of letters takes many. */
const TURN_MS = 5000;

/** Keeps the ledgers of a cluster up with its dead-letter queues, and sees what a restart brings back; one reader, whatever the number of viewers. */
export const startLedgerReader = (cluster: string, makeCtx: (signal: AbortSignal, deadlineAt: number) => Ctx): Turns =>
  startTurns(cluster, makeCtx, {
    async turn(ctx) {
      const hasMore = await followLedgers(ctx);
      await keepTraceResults(ctx);
      await lookAfterRestarts(ctx);
      return hasMore;
    },
    turnMs: TURN_MS,
    restMs: (hasMore) => (hasMore ? BUSY_MS : IDLE_MS),
    failed: 'dead letters could not be read',
  });
