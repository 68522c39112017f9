// Child of run.ts, with the memory bounds of the server: the bare pull and the ledger's, one after the other.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Database from 'libsql';
import { readLetterQueues } from '@/lib/domain/dead-letters/queues';
import { readLedger } from '@/lib/domain/dead-letters/read-ledger';
import { openStore, type Store } from '@/lib/store/open';
import { openSession } from '../scale/session';
import { brokerCpuS, targetOf } from '../scale/target';
import { pullBare } from './bare';
import { GROUP } from './letter';

export interface Scan {
  bareMs: number;
  /** What the brokers and the bare client needed of all processors. */
  bareCpuS: number;
  ms: number;
  /** The same, read and worked out alone: no row was stored. */
  unstoredMs: number;
  read: number;
  rows: number;
  /** Of the letters in the store, each place once. */
  places: number;
  storeBytes: number;
  loopMaxMs: number;
  ownCpuS: number;
}
export interface ScanReport {
  scans: Scan[];
  peakMb: number;
}

const target = targetOf(process.argv[2]);
const ROUNDS = 5;

async function scan(): Promise<Scan> {
  const [brokersBefore, ownBefore] = [brokerCpuS(target), process.cpuUsage()];
  const bareMs = await pullBare(target);
  const bareCpuS = brokerCpuS(target) - brokersBefore + ownCpuSince(ownBefore);
  const { ms: unstoredMs } = await scanInto(withoutRows);
  return { bareMs, bareCpuS, unstoredMs, ...(await scanInto((store) => store)) };
}

async function scanInto(form: (store: Store) => Store) {
  const dir = mkdtempSync(path.join(tmpdir(), 'redrive-million-'));
  const store = form(await openStore({ dir }));
  const { ctx, client } = openSession(target.nameServers, { store });
  const loop = monitorEventLoopDelay({ resolution: 5 });
  const { queues } = await readLetterQueues(ctx, GROUP);
  const cpu = process.cpuUsage();
  loop.enable();
  const startedAt = performance.now();
  const { read } = await readLedger(ctx, GROUP, queues, Number.POSITIVE_INFINITY);
  const ms = performance.now() - startedAt;
  loop.disable();
  const ownCpuS = ownCpuSince(cpu);
  await store.close();
  client.close();
  const file = path.join(dir, 'redrive.db');
  const storeBytes = statSync(file).size;
  const { rows, places } = rowsIn(file);
  rmSync(dir, { recursive: true });
  return { ms, read, rows, places, storeBytes, loopMaxMs: loop.max / 1e6, ownCpuS };
}

function rowsIn(file: string): Pick<Scan, 'rows' | 'places'> {
  const database = new Database(file);
  const found = database
    .prepare('select count(*) as "rows", count(distinct "broker" || \' \' || "phyOffset") as "places" from "letter"')
    .get([]) as Pick<Scan, 'rows' | 'places'>;
  database.close();
  return found;
}

const withoutRows = (store: Store): Store => ({
  ...store,
  batch: (statements, how) =>
    store.batch(
      statements.filter(({ byColumn }) => !byColumn),
      how,
    ),
});

function ownCpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function main(): Promise<void> {
  // Brokers and this process warm up.
  await pullBare(target);
  const scans: Scan[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    scans.push(await scan());
    process.stderr.write(`${JSON.stringify(scans.at(-1))}\n`);
  }
  const report: ScanReport = { scans, peakMb: process.resourceUsage().maxRSS / 1000 };
  process.stdout.write(`REPORT ${JSON.stringify(report)}\n`);
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
