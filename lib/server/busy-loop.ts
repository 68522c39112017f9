import 'server-only';
import { performance } from 'node:perf_hooks';

/** Looked at no more often than this, ms. */
const WINDOW_MS = 250;
/** Share of the time that the event loop has something to do, above which one request waits for the other. */
const BUSY = 0.7;

/** Whether the event loop has been busy nearly all the time lately. */
export function busyLoop(): () => boolean {
  let since = performance.eventLoopUtilization();
  let lookedAt = performance.now();
  let isBusy = false;
  return () => {
    const at = performance.now();
    if (at - lookedAt < WINDOW_MS) return isBusy;
    const now = performance.eventLoopUtilization();
    isBusy = performance.eventLoopUtilization(now, since).utilization > BUSY;
    since = now;
    lookedAt = at;
    return isBusy;
  };
}
