// npm run bench: figures of the built console on the demo cluster. A count fails it, a bare time only informs.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, startConsole } from '../console';
import type { RecordedFrame } from '../proxy/frame';
import { startProxy } from '../proxy/proxy';
import { ROOT } from '../sandbox/paths';
import { startSandbox } from '../sandbox/sandbox';
import { startWorkload } from '../sandbox/workload';
import { headersFor } from '../sign-in';
import { median } from './scale/table';
import { type Holdings, holdingsOf, needed, needless } from './sweep-cost';

const PAGES = ['/topics', '/groups', '/dead-letters'];
const ROUNDS = 40;
const SWEEPS = 6;
const SWEEP_MS = 2_000;
const IDLE_MS = 600;

interface Row {
  measured: string;
  value: string;
  wanted: string;
  /** Null: a time, which only informs. */
  holds: boolean | null;
}

async function main(): Promise<number> {
  if (!existsSync(path.join(ROOT, '.next', 'standalone', 'server.js'))) {
    const built = spawnSync('npm', ['run', 'build'], { cwd: ROOT, stdio: 'inherit' });
    if (built.status !== 0) return built.status ?? 1;
  }
  const sandbox = await startSandbox({ topology: 'demo' });
  try {
    await startWorkload(sandbox, { profile: 'test' });
    const proxy = await startProxy([...sandbox.nameServers, ...sandbox.brokers.map(({ address }) => address)]);
    const console_ = await startConsole(sandbox, {
      dataDir: path.join(sandbox.scratch, 'bench'),
      port: await freePort(18_480),
      addressMap: proxy.addressMap,
      logFile: path.join(sandbox.scratch, 'bench.log'),
      env: { REDRIVE_SWEEP_MS: String(SWEEP_MS) },
    });
    const rows: Row[] = [time('server ready after its start', console_.readyMs, 1_500)];
    try {
      await until(async () => (await fetch(`${console_.url}/readyz`)).ok);

      const holdings = () => Promise.all(sandbox.brokers.map(({ address }) => holdingsOf(address)));
      const before = await holdings();
      const quiet = await observe(proxy.frames);
      // Asked afterwards: topics are added meanwhile, and never go.
      const held = await holdings();
      const perMaster = quiet.requests / quiet.sweeps / sandbox.brokers.length;
      rows.push(time('sweep of the cluster, through the proxy', median(quiet.took), 300));
      rows.push(count('requests of a sweep per master', perMaster, neededOfOne(held)));
      rows.push(count(`requests nobody needs, in ${quiet.sweeps} sweeps`, needlessIn(quiet, held, before), 0));

      for (const page of PAGES) {
        const took: number[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const startedAt = performance.now();
          await (await fetch(`${console_.url}${page}`, { headers: headersFor(console_.url + page) })).text();
          took.push(performance.now() - startedAt);
        }
        rows.push(time(`${page} from a warm snapshot, median of ${ROUNDS}`, median(took), 50));
      }

      const list = `${console_.url}/api/topics?limit=500`;
      const viewers = setInterval(() => void fetch(list, { headers: headersFor(list) }).catch(() => {}), 20);
      const watched = await observe(proxy.frames).finally(() => clearInterval(viewers));
      rows.push(count('the same with 50 reads a second', needlessIn(watched, await holdings(), held), 0));
      rows.push(memory('resident memory', residentBytes(console_.pid), 200));
    } finally {
      // Also what was measured before something went wrong; and nothing is left running.
      print(rows);
      await console_.stop();
      await proxy.stop();
    }
    return rows.some(({ holds }) => holds === false) ? 1 : 0;
  } finally {
    await sandbox.stop();
  }
}

interface Observed {
  bursts: RecordedFrame[][];
  sweeps: number;
  requests: number;
  /** Of each burst, ms. */
  took: number[];
}

/** Sweeps are bursts of frames with silence between them. The first burst, which may have begun before, is left out. */
async function observe(frames: RecordedFrame[]): Promise<Observed> {
  frames.splice(0);
  await until(() => Promise.resolve(bursts(frames).length > SWEEPS + 1));
  const whole = bursts(frames).slice(1, -1);
  return {
    bursts: whole,
    sweeps: whole.length,
    requests: whole.flat().filter(({ direction }) => direction === 'request').length,
    took: whole.map((burst) => (burst.at(-1)?.at ?? 0) - (burst[0]?.at ?? 0)),
  };
}

/** The most that a sweep may ask of one master, on average over the masters. */
function neededOfOne(held: readonly Holdings[]): number {
  const requests = held.flatMap((broker) => [...needed(broker, 1).values()]);
  return requests.reduce((sum, each) => sum + each, 0) / held.length;
}

/** How many; which ones is printed. */
function needlessIn(observed: Observed, held: readonly Holdings[], before: readonly Holdings[]): number {
  const excess = needless(observed.bursts, observed.sweeps, held, before);
  for (const [request, times] of excess) console.log(`needless: ${request}, ${times} times`);
  return [...excess.values()].reduce((sum, each) => sum + each, 0);
}

function bursts(frames: readonly RecordedFrame[]): RecordedFrame[][] {
  const found: RecordedFrame[][] = [];
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const frame of frames) {
    if (frame.at - lastAt > IDLE_MS) found.push([]);
    found.at(-1)?.push(frame);
    lastAt = frame.at;
  }
  // A sweep may pause, for a slow client or a busy machine; its beginning is where it asks for the topics.
  const sweeps: RecordedFrame[][] = [];
  for (const burst of found) {
    if (burst.some(({ direction, code }) => direction === 'request' && code === 21)) sweeps.push(burst);
    else sweeps.at(-1)?.push(...burst);
  }
  return sweeps;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('The console did not get so far within 90 s.');
    await delay(100);
  }
}

/** Of the process and its children, should it have any. */
function residentBytes(pid: number): number {
  const status = (id: string | number) => readFileSync(`/proc/${id}/status`, 'utf8');
  const field = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const children = readdirSync('/proc').filter((id) => {
    try {
      return /^\d+$/.test(id) && field(status(id), 'PPid') === pid;
    } catch {
      return false;
    }
  });
  return [pid, ...children].reduce<number>((sum, id) => sum + field(status(id), 'VmRSS') * 1024, 0);
}

const time = (measured: string, ms: number, wanted: number): Row => ({
  measured,
  value: `${Math.round(ms)} ms`,
  wanted: `≤ ${wanted} ms`,
  holds: null,
});
const memory = (measured: string, bytes: number, wantedMb: number): Row => ({
  measured,
  value: `${Math.round(bytes / 1_048_576)} MB`,
  wanted: `≤ ${wantedMb} MB`,
  holds: null,
});
const count = (measured: string, value: number, wanted: number): Row => ({
  measured,
  value: String(Math.round(value * 100) / 100),
  wanted: `≤ ${wanted}`,
  holds: value <= wanted,
});

function print(rows: readonly Row[]): void {
  const verdict = ({ holds }: Row) => (holds === null ? 'informs' : holds ? 'holds' : 'FAILS');
  const width = Math.max(...rows.map(({ measured }) => measured.length));
  for (const row of rows)
    console.log(`${row.measured.padEnd(width)}  ${row.value.padStart(9)}  ${row.wanted.padStart(10)}  ${verdict(row)}`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
