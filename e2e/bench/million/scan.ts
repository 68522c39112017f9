// Child of run.ts, with the memory bounds of the server: the bare pull and the ledger's, one after the other.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readLetterQueues } from '@/lib/domain/dead-letters/queues';
import { readLedger } from '@/lib/domain/dead-letters/read-ledger';
import { openStore } from '@/lib/store/open';
import { openSession } from '../scale/session';
import { targetOf } from '../scale/target';
import { pullBare } from './bare';
import { GROUP } from './letter';

export interface Scan {
  bareMs: number;
  ms: number;
  read: number;
  rows: number;
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
  const bareMs = await pullBare(target);
  const dir = mkdtempSync(path.join(tmpdir(), 'redrive-million-'));
  const store = await openStore({ dir });
  const { ctx, client } = openSession(target.nameServers, { store });
  const loop = monitorEventLoopDelay({ resolution: 5 });
  const { queues } = await readLetterQueues(ctx, GROUP);
  const cpu = process.cpuUsage();
  loop.enable();
  const startedAt = performance.now();
  const { read, groupId } = await readLedger(ctx, GROUP, queues, Number.POSITIVE_INFINITY);
  const ms = performance.now() - startedAt;
  loop.disable();
  const { user, system } = process.cpuUsage(cpu);
  const rows = await store.letters.count(groupId, {});
  await store.close();
  client.close();
  const storeBytes = statSync(path.join(dir, 'redrive.db')).size;
  rmSync(dir, { recursive: true });
  return { bareMs, ms, read, rows, storeBytes, loopMaxMs: loop.max / 1e6, ownCpuS: (user + system) / 1e6 };
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
