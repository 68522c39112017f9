import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Console, type ConsoleOptions, freePort, startConsole } from '../console';
import type { Guard } from '../sandbox/guard';
import type { Cluster } from './cluster';

export type NewConsole = Console & { dataDir: string; logFile: string };

let started = 0;

/** A console on the shared cluster that nobody has an account of, swept rarely so that its wires are quiet. */
export async function startNewConsole(
  cluster: Cluster,
  guard: Guard,
  name: string,
  options: Partial<ConsoleOptions> = {},
): Promise<NewConsole> {
  started += 1;
  const place = path.join(cluster.scratch, `${name}-${process.pid}-${started}`);
  const logFile = `${place}.log`;
  const console_ = await startConsole(
    { nameServers: cluster.nameServers, guard },
    {
      dataDir: place,
      port: await freePort(18_700 + (process.pid % 100)),
      logFile,
      isLeftNew: true,
      ...options,
      env: { REDRIVE_CLUSTER_NAME: 'demo', REDRIVE_SWEEP_MS: '600000', ...options.env },
    },
  );
  return Object.assign(console_, { dataDir: options.dataDir ?? place, logFile });
}

/** What stands behind `#` in the link that the console left for whoever sets it up. */
export function setupSecret(dataDir: string): string {
  const secret = readFileSync(path.join(dataDir, 'setup-link.txt'), 'utf8').trim().split('#')[1];
  if (!secret) throw new Error(`${dataDir} holds no setup link.`);
  return secret;
}
