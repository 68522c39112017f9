import type { Sandbox } from '../../sandbox/sandbox';
import { type BenchRow, inform, limit } from './table';
import { type Running, withConsole } from './with-console';

const PAGES = ['/', '/groups', '/topics', '/dead-letters'];
/** A page may wait this long for what it reads beyond the picture. */
const PAGE_MS = 5_000;

/** One master hangs, then another is stopped as well: what the pages say of the rest, and how long they take. */
export async function measureFaults(sandbox: Sandbox): Promise<BenchRow[]> {
  const [hung, stopped] = ['broker-c', 'broker-d'];
  return withConsole(sandbox, {}, async (running) => {
    await running.sweeps(2);
    const before = await lags(running);
    await sandbox.freeze(hung);
    const rows: BenchRow[] = [];
    try {
      rows.push(...(await look(running, 'one master hangs', [hung], before)));
      await sandbox.kill(stopped);
      rows.push(...(await look(running, 'and another is stopped', [hung, stopped], before)));
    } finally {
      await sandbox.thaw(hung);
      await sandbox.start(stopped);
    }
    const startedAt = Date.now();
    await running.sweeps(1);
    while ((await running.cluster()).health !== 'ok' && Date.now() - startedAt < 120_000) await running.sweeps(1);
    rows.push(
      limit('both back: masters still missed', (await running.cluster()).failures.length, 0),
      inform('… seen after', `${((Date.now() - startedAt) / 1000).toFixed(0)} s`),
    );
    return rows;
  });
}

async function look(
  running: Running,
  what: string,
  lost: readonly string[],
  before: ReadonlyMap<string, number | null>,
): Promise<BenchRow[]> {
  await running.sweeps(3);
  const { failures, brokers } = await running.cluster();
  const named = lost.filter((broker) => failures.some((failure) => failure.broker === broker));
  const aged = brokers.filter(({ name, state, asOf }) => lost.includes(name) && state === 'stale' && asOf !== null);
  let slowest = 0;
  let unsaid = 0;
  for (const page of PAGES) {
    const { ms, text } = await running.get(page);
    slowest = Math.max(slowest, ms);
    unsaid += lost.filter((broker) => !text.includes(broker)).length;
  }
  const now = await lags(running);
  const changed = [...before].filter(([group, lag]) => now.get(group) !== lag);
  for (const [group, lag] of changed.slice(0, 5)) console.log(`${group}: ${now.get(group)}, not ${lag}`);
  return [
    limit(`${what}: slowest of ${PAGES.length} pages, ms`, Math.round(slowest), PAGE_MS),
    limit('… masters that the notice does not name, with their age', lost.length * 2 - named.length - aged.length, 0),
    limit('… pages that do not name a master', unsaid, 0),
    limit(`… groups of ${before.size} whose lag is not what it was, with the rows of before`, changed.length, 0),
  ];
}

/** Lag of every group, as the list says it. */
async function lags(running: Running): Promise<Map<string, number | null>> {
  const found = new Map<string, number | null>();
  let cursor = '';
  do {
    const { text } = await running.get(`/api/groups?idle=show&sort=group&limit=500${cursor && `&cursor=${cursor}`}`);
    const page: { items: { group: string; lag: number | null }[]; nextCursor: string | null } = JSON.parse(text);
    for (const { group, lag } of page.items) found.set(group, lag);
    cursor = page.nextCursor ?? '';
  } while (cursor);
  return found;
}
