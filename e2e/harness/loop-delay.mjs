// Preloaded into a console: writes once in a while how long its event loop was held up at most, as `epoch ms` and `ms` per line.
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const file = process.env.REDRIVE_LOOP_DELAY_FILE;
if (file) {
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  setInterval(() => {
    const ms = delays.max / 1e6;
    delays.reset();
    appendFileSync(file, `${Date.now()} ${ms.toFixed(1)}\n`);
  }, 100).unref();
}
