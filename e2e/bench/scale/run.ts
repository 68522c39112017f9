// npx tsx e2e/bench/scale/run.ts: what a sweep of 4 masters, 900 topics and 2,300 groups costs. Counts and ratios fail it, bare times inform.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startScaleCluster, stopScaleCluster } from './cluster';
import type { Measured, Report, Target } from './measure';
import { planCluster } from './plan';

/** As lib/launch.mjs bounds the server. */
const BOUNDS = ['--max-old-space-size=128', '--max-semi-space-size=2'];

interface Row {
  measured: string;
  value: string;
  wanted: string;
  /** Null: it only informs. */
  holds: boolean | null;
}

async function main(): Promise<number> {
  const plan = planCluster();
  const say = (line: string) => console.log(line);
  const sandbox = await startScaleCluster(plan, say);
  try {
    const brokers = sandbox.brokers.map(({ name, address, pid }) => ({ name, address, pid }));
    const report = await measure({ nameServers: sandbox.nameServers, brokers });
    const rows = rowsOf(report);
    say(
      `\n${plan.topics.length} topics, ${plan.groups.length} groups, ${plan.consumedQueues} consumed queues, ${plan.storedOffsets} offsets`,
    );
    print(rows);
    for (const difference of report.differences.slice(0, 10)) say(difference);
    return rows.some(({ holds }) => holds === false) ? 1 : 0;
  } finally {
    await stopScaleCluster(sandbox);
  }
}

function measure(target: Target): Promise<Report> {
  const script = fileURLToPath(new URL('./measure.ts', import.meta.url));
  const child = spawn(process.execPath, [...BOUNDS, '--import', 'tsx', script, JSON.stringify(target)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      const line = output.split('\n').find((each) => each.startsWith('REPORT '));
      if (line) resolve(JSON.parse(line.slice(7)) as Report);
      else reject(new Error(`The measuring process ended with ${code}.`));
    });
  });
}

function rowsOf({ cold, still, moving, differences, rows, rssBytes }: Report): Row[] {
  const whole = median(cold.map(({ bareMs }) => bareMs));
  const fullPicture = median(cold.map(({ requests }) => requests));
  const share = (sweeps: Measured[]) => median(sweeps.map(({ requests }) => requests)) / fullPicture;
  return [
    ...figures('full picture from nothing', cold, 1300),
    limit('… beside the bare client, same requests', ratioOf(cold), 1.5),
    ...figures('steady sweep, nothing moves', still, 1000),
    inform('… beside the bare client, same requests', ratioOf(still).toFixed(2)),
    limit('… beside the bare client that asks everything', median(still.map(({ ms }) => ms)) / whole, 1.5),
    limit('… requests, of those of a full picture', share(still), 0.12),
    ...figures('steady sweep, 10 % of topics and 20 % of groups move', moving, 1000),
    inform('… beside the bare client, same requests', ratioOf(moving).toFixed(2)),
    limit('… beside the bare client that asks everything', median(moving.map(({ ms }) => ms)) / whole, 1.5),
    limit('… requests, of those of a full picture', share(moving), 0.35),
    limit(`rows that differ from a picture from nothing, of ${rows}`, differences.length, 0),
    limit('resident memory of the sweeping process, MB', rssBytes / 1e6, 250),
  ];
}

function figures(measured: string, sweeps: Measured[], wantedMs: number): Row[] {
  const both = (of: (sweep: Measured) => number, digits = 0) => {
    const values = sweeps.map(of);
    return `${Math.min(...values).toFixed(digits)} / ${median(values).toFixed(digits)}`;
  };
  return [
    { measured, value: `${both(({ ms }) => ms)} ms`, wanted: `≤ ${wantedMs} ms`, holds: null },
    inform('… the bare client', `${both(({ bareMs }) => bareMs)} ms`),
    inform(
      '… requests',
      both(({ requests }) => requests),
    ),
    inform('… both ways', `${both(({ bytes }) => bytes / 1e6, 1)} MB`),
    inform('… CPU of the brokers', `${both(({ brokerCpuS }) => brokerCpuS, 2)} s`),
    inform('… CPU of the sweep', `${both(({ ownCpuS }) => ownCpuS, 2)} s`),
    {
      measured: '… delay of the event loop, p99',
      value: `${both(({ loopP99Ms }) => loopP99Ms)} ms`,
      wanted: '≤ 50 ms',
      holds: null,
    },
  ];
}

const inform = (measured: string, value: string): Row => ({ measured, value, wanted: '', holds: null });
const limit = (measured: string, value: number, most: number): Row => ({
  measured,
  value: Number.isInteger(value) ? String(value) : value.toFixed(2),
  wanted: `≤ ${most}`,
  holds: value <= most,
});

const ratioOf = (sweeps: Measured[]): number => median(sweeps.map(({ ms, bareMs }) => ms / bareMs));

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function print(rows: Row[]): void {
  console.log('\n| measured | min / median of 5 | wanted | |\n|---|---|---|---|');
  for (const { measured, value, wanted, holds } of rows)
    console.log(`| ${measured} | ${value} | ${wanted} | ${holds === null ? '' : holds ? 'holds' : '**fails**'} |`);
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
