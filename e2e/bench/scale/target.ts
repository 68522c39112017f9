import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { startCommand } from '../../console';
import { ROOT } from '../../sandbox/paths';
import type { Sandbox } from '../../sandbox/sandbox';

/** The cluster, for a process that joins it. */
export interface Target {
  nameServers: string[];
  brokers: { name: string; address: string; pid: number }[];
}

export const targetOf = (argument: string | undefined): Target => JSON.parse(argument ?? '');

/** User and system time of all brokers, from /proc. */
export function brokerCpuS({ brokers }: Target): number {
  const ticks = brokers.map(({ pid }) => {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
    return Number(user) + Number(system);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}

async function bundled(program: string): Promise<string> {
  const outfile = path.join(ROOT, 'test-results', 'bench', `${path.basename(program, '.ts')}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL(program, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@': ROOT },
    logLevel: 'warning',
  });
  return outfile;
}

/** In a measured program: the one that runs it moves the cluster, because what that takes is not what is measured. */
export function moved(round: number): Promise<void> {
  return new Promise((resolve) => {
    process.once('message', () => resolve());
    process.send?.(round);
  });
}

/**
 * A program of this folder in a process of its own with the bounds of the server, bundled as the server is: to translate it
 * as it runs would take memory of its own. It prints `REPORT` and what it has measured; `move` is called for each `moved`.
 */
export async function runMeasured<Report>(
  program: string,
  sandbox: Sandbox,
  args: string[] = [],
  move?: (round: number) => Promise<void>,
): Promise<Report> {
  const brokers = sandbox.brokers.map(({ name, address, pid }) => ({ name, address, pid }));
  const target: Target = { nameServers: sandbox.nameServers, brokers };
  const script = await bundled(program);
  const start = startCommand();
  const bounds = start.words.filter((word) => word.startsWith('--'));
  const child = spawn(process.execPath, [...bounds, '--expose-gc', script, JSON.stringify(target), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, ...start.env },
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.on('message', (round) => move?.(Number(round)).then(() => child.send(round), reject));
    child.once('exit', (code, signal) => {
      const line = output.split('\n').find((each) => each.startsWith('REPORT '));
      if (line) resolve(JSON.parse(line.slice(7)) as Report);
      else reject(new Error(`${program} ended with ${signal ?? code} and reported nothing.`));
    });
  });
}
