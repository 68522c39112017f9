// Child of run.ts: an hour of sweeps with the clock moved on instead of waiting, into a real store.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Snapshot } from '@/lib/domain/snapshot/snapshot';
import { takeSnapshot } from '@/lib/domain/snapshot/take';
import { openStore } from '@/lib/store/open';
import { openSession } from './session';
import { moved, targetOf } from './target';

interface Point {
  rssMb: number;
  /** After a full collection. */
  liveMb: number;
}
export interface HourReport {
  sweeps: number;
  quarters: Point[][];
}

const SWEEPS = 720;
const SWEEP_MS = 5_000;
/** Something moves, and memory is looked at, every so many sweeps. */
const EVERY = 12;

async function main(): Promise<void> {
  const target = targetOf(process.argv[2]);
  const dir = mkdtempSync(path.join(tmpdir(), 'redrive-hour-'));
  const store = await openStore({ dir });
  let passedMs = 0;
  const session = openSession(target.nameServers, { store, now: () => Date.now() + passedMs });
  const quarters: Point[][] = [[], [], [], []];
  let snapshot: Snapshot | null = null;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    snapshot = await takeSnapshot(session.ctx, snapshot);
    passedMs += SWEEP_MS;
    if (sweep % EVERY !== 0) continue;
    await moved(sweep / EVERY);
    const rssMb = process.memoryUsage.rss() / 1e6;
    global.gc?.();
    quarters[Math.floor((4 * sweep) / SWEEPS)]?.push({ rssMb, liveMb: process.memoryUsage().heapUsed / 1e6 });
  }
  const report: HourReport = { sweeps: SWEEPS, quarters };
  await store.close();
  rmSync(dir, { recursive: true, force: true });
  process.stdout.write(`REPORT ${JSON.stringify(report)}\n`);
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
