import { setTimeout as delay } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox/sandbox';
import { startCounter } from './counter';
import { type BenchRow, inform, limit, quantile } from './table';
import { type Running, withConsole } from './with-console';

const MINUTE_MS = 60_000;
/** As the browser asks: the counter of sweeps, and the list again when it has risen. */
const LOOK_MS = 2_000;
const LISTS = ['/groups', '/topics'];
const SETTLING_SWEEPS = 12;

/** What twenty people who look at the lists cost the brokers, beside one. */
export async function measureViewers(sandbox: Sandbox): Promise<BenchRow[]> {
  const counter = await startCounter([...sandbox.nameServers, ...sandbox.brokers.map(({ address }) => address)]);
  try {
    return await withConsole(sandbox, { addressMap: counter.addressMap }, async (running) => {
      await Promise.all([watch(running, 1, 10_000), running.sweeps(SETTLING_SWEEPS)]);
      const observe = async (viewers: number) => {
        counter.take();
        const before = (await running.cluster()).version;
        const took = await watch(running, viewers, MINUTE_MS);
        const sweeps = (await running.cluster()).version - before;
        return { perSweep: counter.take() / sweeps, took };
      };
      const one = await observe(1);
      const twenty = await observe(20);
      return [
        inform('requests to the brokers per sweep, 1 viewer', one.perSweep.toFixed(0)),
        inform('… 20 viewers', twenty.perSweep.toFixed(0)),
        limit('… 20 beside 1', twenty.perSweep / one.perSweep, 1.05),
        inform('p95 of a page for 20 viewers', `${quantile(twenty.took, 0.95).toFixed(0)} ms`, '≤ 150 ms'),
      ];
    });
  } finally {
    counter.stop();
  }
}

/** Times of the pages and lists that they were given. */
async function watch(running: Running, viewers: number, forMs: number): Promise<number[]> {
  const took: number[] = [];
  const until = Date.now() + forMs;
  const view = async (index: number) => {
    // They did not come at the same moment.
    await delay((LOOK_MS * index) / viewers);
    for (const list of LISTS) took.push((await running.get(list)).ms);
    for (let seen = -1; Date.now() < until; await delay(LOOK_MS)) {
      const { version } = await running.cluster();
      if (version !== seen) for (const list of LISTS) took.push((await running.get(`/api${list}?limit=100`)).ms);
      seen = version;
    }
  };
  await Promise.all(Array.from({ length: viewers }, (_, index) => view(index)));
  return took;
}
