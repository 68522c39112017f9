import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterSummary } from '@/lib/contract/clusters';
import { type Console, freePort, startConsole } from '../../console';
import { ROOT } from '../../sandbox/paths';
import type { Sandbox } from '../../sandbox/sandbox';
import { headersFor } from '../../sign-in';

export interface Running {
  console: Console;
  get(page: string): Promise<{ ms: number; status: number; text: string }>;
  cluster(): Promise<ClusterSummary>;
  /** Until so many more sweeps have ended. */
  sweeps(count: number): Promise<void>;
  residentMb(): number;
}

const FIRST_PICTURE_MS = 120_000;

/** The built console on the cluster, with a picture of it, while `work` runs. */
export async function withConsole<T>(
  sandbox: Sandbox,
  options: { addressMap?: Record<string, string>; env?: Record<string, string> },
  work: (running: Running) => Promise<T>,
): Promise<T> {
  if (!existsSync(path.join(ROOT, '.next', 'standalone', 'server.js'))) throw new Error('Run `npm run build` first.');
  const console_ = await startConsole(sandbox, {
    dataDir: path.join(sandbox.scratch, `console-${process.pid}-${performance.now().toFixed(0)}`),
    port: await freePort(18_580),
    logFile: path.join(sandbox.scratch, 'console.log'),
    ...options,
  });
  const get: Running['get'] = async (page) => {
    const startedAt = performance.now();
    const answer = await fetch(`${console_.url}${page}`, { headers: headersFor(console_.url + page) });
    const text = await answer.text();
    return { ms: performance.now() - startedAt, status: answer.status, text };
  };
  const cluster = async (): Promise<ClusterSummary> => JSON.parse((await get('/api/clusters')).text).items[0];
  const until = async (holds: (now: ClusterSummary) => boolean) => {
    const deadline = Date.now() + FIRST_PICTURE_MS;
    while (!holds(await cluster())) {
      if (Date.now() > deadline) throw new Error(`The console did not get so far within ${FIRST_PICTURE_MS / 1000} s.`);
      await delay(100);
    }
  };
  try {
    await until(({ health }) => health === 'ok');
    return await work({
      console: console_,
      get,
      cluster,
      async sweeps(count) {
        const { version } = await cluster();
        await until((now) => now.version >= version + count);
      },
      residentMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${console_.pid}/status`, 'utf8'))?.[1]) / 1000,
    });
  } finally {
    await console_.stop();
  }
}
