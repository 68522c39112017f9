import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import type { Sandbox } from '../../sandbox/sandbox';
import { type BenchRow, both, inform, limit, quantile } from './table';
import { type Running, withConsole } from './with-console';

const PAGES = ['/groups', '/topics'];
const ROUNDS = 20;
/** More than a screen holds. */
const ROWS = 40;
const USES = 5;
const PINGS_MS = 20;
const SWEEPS = 6;

/** How long the lists take from a warm picture, on the server and in a browser, and how long a sweep keeps others waiting. */
export async function measurePages(sandbox: Sandbox): Promise<BenchRow[]> {
  return withConsole(sandbox, {}, async (running) => {
    // Members of all groups are read within the first sweeps.
    await running.sweeps(SWEEPS);
    const rows: BenchRow[] = [];
    for (const page of PAGES) {
      const answers = [];
      for (let round = 0; round < ROUNDS; round++) answers.push(await running.get(page));
      rows.push(inform(`${page}, first HTML`, `${both(answers.map(({ ms }) => ms))} ms`, '≤ 50 ms'));
      const without = answers.filter(({ text }) => (text.match(/<tr/g) ?? []).length < ROWS).length;
      rows.push(limit('… without its rows', without, 0));
      rows.push(inform('… usable in Chromium', `${both(await usable(running, page))} ms`, '≤ 800 ms'));
    }
    rows.push(inform('answer to a ping during sweeps, p99', `${(await pings(running)).toFixed(0)} ms`, '≤ 50 ms'));
    rows.push(inform('resident memory of the console', `${running.residentMb().toFixed(0)} MB`, '≤ 250 MB'));
    return rows;
  });
}

/** From the call until a row is drawn and the search field listens. */
async function usable({ console: { url } }: Running, page: string): Promise<number[]> {
  const executablePath = process.env.PLAYWRIGHT_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const took: number[] = [];
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const tab = await context.newPage();
    for (let round = 0; round < USES; round++) {
      const startedAt = performance.now();
      await tab.goto(`${url}${page}`, { waitUntil: 'commit' });
      await tab.locator('tbody tr').first().waitFor();
      await tab.waitForFunction(() => {
        const field = document.querySelector('main input');
        return field !== null && Object.keys(field).some((key) => key.startsWith('__reactProps'));
      });
      took.push(performance.now() - startedAt);
    }
    return took;
  } finally {
    await browser.close();
  }
}

async function pings(running: Running): Promise<number> {
  const took: number[] = [];
  let isOver = false;
  const over = running.sweeps(SWEEPS).then(() => {
    isOver = true;
  });
  while (!isOver) {
    took.push((await running.get('/healthz')).ms);
    await delay(PINGS_MS);
  }
  await over;
  return quantile(took, 0.99);
}
