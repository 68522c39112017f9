import type { Sandbox } from '../../sandbox/sandbox';
import { type BenchRow, both, inform, limit, median } from '../scale/table';
import { runMeasured } from '../scale/target';
import { LETTERS } from './letter';
import type { ScanReport } from './scan';

/** All letters into the ledger, beside the bare client that only pulls them. */
export async function measureScan(sandbox: Sandbox): Promise<BenchRow[]> {
  const { scans, peakMb } = await runMeasured<ScanReport>('../million/scan.ts', sandbox);
  const of = (figure: (scan: (typeof scans)[number]) => number, digits = 1) => both(scans.map(figure), digits);
  const wrong = scans.filter(({ read, rows, places }) => [read, rows, places].some((each) => each !== LETTERS)).length;
  return [
    inform(`bare pull of ${LETTERS} letters, 16 requests outstanding`, `${of(({ bareMs }) => bareMs / 1000)} s`),
    inform('… CPU of brokers and client for it', `${of(({ bareCpuS }) => bareCpuS)} s`),
    inform('ledger of the same, its rows in the store', `${of(({ ms }) => ms / 1000)} s`),
    limit('… beside the bare pull', median(scans.map(({ ms, bareMs }) => ms / bareMs)), 2),
    inform(
      '… without its rows, read and decoded alone, beside the bare pull',
      median(scans.map(({ unstoredMs, bareMs }) => unstoredMs / bareMs)).toFixed(2),
    ),
    limit('… scans that lack a letter or have one twice', wrong, 0),
    inform('… CPU of the process that scans', `${of(({ ownCpuS }) => ownCpuS)} s`),
    inform('… longest delay of the event loop', `${of(({ loopMaxMs }) => loopMaxMs, 0)} ms`, '≤ 50 ms'),
    inform('… store', `${of(({ storeBytes }) => storeBytes / 1e6, 0)} MB`),
    inform('… peak of resident memory', `${peakMb.toFixed(0)} MB`, '≤ 300 MB'),
  ];
}
