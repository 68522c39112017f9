// Loaded into the measured server (`--import`): tells how long its event loop was held since the last question.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const EVERY_MS = 5;

/** How long this thread has been on a processor, ms; the rest of a delay it waited for one that others had. */
const ranMs = () => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ', 1)[0]) / 1e6;

const socket = process.env.REDRIVE_LOOP_PROBE;
if (isMainThread && socket) {
  const loop = monitorEventLoopDelay({ resolution: EVERY_MS });
  loop.enable();
  let longestRanMs = 0;
  let before = ranMs();
  setInterval(() => {
    const now = ranMs();
    longestRanMs = Math.max(longestRanMs, now - before);
    before = now;
  }, EVERY_MS).unref();
  createServer((asking) => {
    asking.on('error', () => {});
    asking.end(JSON.stringify({ maxMs: loop.max / 1e6, p99Ms: loop.percentile(99) / 1e6, ranMs: longestRanMs }));
    loop.reset();
    longestRanMs = 0;
  })
    .listen(socket)
    .unref();
}
