import type { Sandbox } from '../../sandbox/sandbox';
import type { Measured, SweepsReport } from './sweeps';
import { type BenchRow, both, inform, limit, median } from './table';
import { runMeasured } from './target';

/** What a picture from nothing costs, and a sweep after which it is known what has not changed. The last picture goes to `keptFile`. */
export async function measureSweeps(sandbox: Sandbox, keptFile: string): Promise<BenchRow[]> {
  const { cold, still, moving, rssBytes } = await runMeasured<SweepsReport>('./sweeps.ts', sandbox, [keptFile]);
  const everything = median(cold.map(({ bareMs }) => bareMs));
  const share = (sweeps: Measured[]) =>
    median(sweeps.map(({ requests }) => requests)) / median(cold.map(({ requests }) => requests));
  const besideEverything = (sweeps: Measured[]) => median(sweeps.map(({ ms }) => ms)) / everything;
  return [
    ...figures('full picture from nothing', cold, 1300),
    limit('… beside the bare client, same requests', ratioOf(cold), 1.5),
    ...figures('steady sweep, nothing moves', still, 1000),
    limit('… beside the bare client that asks everything', besideEverything(still), 1.5),
    limit('… requests, of those of a full picture', share(still), 0.12),
    ...figures('steady sweep, 10 % of topics and 20 % of groups move', moving, 1000),
    limit('… beside the bare client that asks everything', besideEverything(moving), 1.5),
    limit('… requests, of those of a full picture', share(moving), 0.6),
    inform('resident memory of the sweeping process', `${(rssBytes / 1e6).toFixed(0)} MB`),
  ];
}

function figures(measured: string, sweeps: Measured[], wantedMs: number): BenchRow[] {
  const of = (figure: (sweep: Measured) => number, digits = 0) => both(sweeps.map(figure), digits);
  return [
    inform(measured, `${of(({ ms }) => ms)} ms`, `≤ ${wantedMs} ms`),
    inform('… the bare client', `${of(({ bareMs }) => bareMs)} ms`),
    inform(
      '… requests',
      of(({ requests }) => requests),
    ),
    inform('… both ways', `${of(({ bytes }) => bytes / 1e6, 1)} MB`),
    inform('… CPU of the brokers', `${of(({ brokerCpuS }) => brokerCpuS, 2)} s`),
    inform('… CPU of the sweep', `${of(({ ownCpuS }) => ownCpuS, 2)} s`),
    inform('… delay of the event loop, p99', `${of(({ loopP99Ms }) => loopP99Ms)} ms`, '≤ 50 ms'),
  ];
}

const ratioOf = (sweeps: Measured[]): number => median(sweeps.map(({ ms, bareMs }) => ms / bareMs));
