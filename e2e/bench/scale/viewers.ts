import { setTimeout as delay } from 'node:timers/promises';
import type { Sandbox } from '../../sandbox/sandbox';
import { startCounter } from './counter';
import { type BenchRow, inform, limit, quantile } from './table';
import { type Running, withConsole } from './with-console';

const MINUTE_MS = 60_000;
/** As the browser asks: the counter of sweeps, and the list again when it has risen. */
const LOOK_MS = 2_000;
/** An alert brings all of them within so long, each to one list and then to the other. */
const COMING_MS = 20_000;
const LISTS = ['/groups', '/topics'];
const SETTLING_SWEEPS = 12;

/** What twenty people who look at the lists cost the brokers, beside one. */
export async function measureViewers(sandbox: Sandbox): Promise<BenchRow[]> {
  const counter = await startCounter([...sandbox.nameServers, ...sandbox.brokers.map(({ address }) => address)]);
  try {
    return await withConsole(sandbox, { addressMap: counter.addressMap }, async (running) => {
      await Promise.all([watch(running, 1, 10_000), running.sweeps(SETTLING_SWEEPS)]);
      const observe = async (viewers: number) => {
        // From the end of a sweep to the end of one: a minute holds twelve of them, and a piece of another would be much of it.
        await running.sweeps(1);
        counter.take();
        const startedAt = performance.now();
        const took = await watch(running, viewers, MINUTE_MS);
        await running.sweeps(1);
        return { perSecond: (counter.take() * 1000) / (performance.now() - startedAt), ...took };
      };
      const one = await observe(1);
      const twenty = await observe(20);
      return [
        inform('requests to the brokers per second, 1 viewer', one.perSecond.toFixed(0)),
        inform('… 20 viewers', twenty.perSecond.toFixed(0)),
        limit('… 20 beside 1', twenty.perSecond / one.perSecond, 1.05),
        inform('p95 of a page for 20 viewers, first HTML', `${p95(twenty.pages)} ms`, '≤ 150 ms'),
        inform('… of a list that was read again', `${p95(twenty.lists)} ms`, '≤ 150 ms'),
        inform('… first HTML, when all of them come at once', `${p95(await together(running, 20))} ms`),
      ];
    });
  } finally {
    counter.stop();
  }
}

interface Took {
  /** Milliseconds each. */
  pages: number[];
  lists: number[];
}

async function watch(running: Running, viewers: number, forMs: number): Promise<Took> {
  const took: Took = { pages: [], lists: [] };
  const until = Date.now() + forMs;
  const read = async (forSoLongMs: number) => {
    const end = Math.min(until, Date.now() + forSoLongMs);
    for (let seen = -1; Date.now() < end; await delay(LOOK_MS)) {
      const { version } = await running.cluster();
      if (version !== seen) for (const list of LISTS) took.lists.push((await running.get(`/api${list}?limit=100`)).ms);
      seen = version;
    }
  };
  const view = async (index: number) => {
    await delay((COMING_MS * index) / viewers);
    for (const list of LISTS) {
      took.pages.push((await running.get(list)).ms);
      await read(COMING_MS);
    }
    await read(forMs);
  };
  await Promise.all(Array.from({ length: viewers }, (_, index) => view(index)));
  return took;
}

/** Milliseconds that each waited. */
async function together(running: Running, viewers: number): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: viewers }, () => running.get('/groups')));
  return answers.map(({ ms }) => ms);
}

const p95 = (took: readonly number[]) => quantile(took, 0.95).toFixed(0);
