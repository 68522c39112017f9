import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startCommand } from '../../console';
import type { Sandbox } from '../../sandbox/sandbox';

/** The cluster, for a process that joins it. */
export interface Target {
  nameServers: string[];
  brokers: { name: string; address: string; pid: number }[];
}

export const targetOf = (argument: string | undefined): Target => JSON.parse(argument ?? '');

/** A program of this folder in a process of its own with the bounds of the server; it prints `REPORT` and what it has measured. */
export function runMeasured<Report>(program: string, sandbox: Sandbox, ...args: string[]): Promise<Report> {
  const brokers = sandbox.brokers.map(({ name, address, pid }) => ({ name, address, pid }));
  const target: Target = { nameServers: sandbox.nameServers, brokers };
  const script = fileURLToPath(new URL(program, import.meta.url));
  const start = startCommand();
  const bounds = start.words.filter((word) => word.startsWith('--'));
  const child = spawn(
    process.execPath,
    [...bounds, '--expose-gc', '--import', 'tsx', script, JSON.stringify(target), ...args],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...start.env } },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const line = output.split('\n').find((each) => each.startsWith('REPORT '));
      if (line) resolve(JSON.parse(line.slice(7)) as Report);
      else reject(new Error(`${program} ended with ${signal ?? code} and reported nothing.`));
    });
  });
}
