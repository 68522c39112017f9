// Loaded into the measured server (`--import`): tells how long its event loop was held since the last question.
import { createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const socket = process.env.REDRIVE_LOOP_PROBE;
if (isMainThread && socket) {
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  createServer((asking) => {
    asking.on('error', () => {});
    asking.end(JSON.stringify({ maxMs: loop.max / 1e6, p99Ms: loop.percentile(99) / 1e6 }));
    loop.reset();
  })
    .listen(socket)
    .unref();
}
