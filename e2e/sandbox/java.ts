import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { SANDBOX } from './paths';
import type { Sandbox } from './sandbox';

/**
 * A Java program of this folder, run from source beside the servers of a sandbox and gone with it.
 * Its standard error, and the client's log, lie in the scratch folder.
 */
export function runJava(
  sandbox: Pick<Sandbox, 'scratch' | 'classPath' | 'guard'>,
  file: string,
  args: readonly string[],
  heap: string,
): ChildProcessWithoutNullStreams {
  const name = path.basename(file, '.java').toLowerCase();
  const folder = path.join(sandbox.scratch, name);
  mkdirSync(folder, { recursive: true });
  const flags = [`-Xmx${heap}`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Duser.home=${folder}`];
  const child = spawn('java', [...flags, '-cp', sandbox.classPath, path.join(SANDBOX, file), ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stderr.pipe(createWriteStream(path.join(folder, 'stderr.log'), { flags: 'a' }));
  const { pid } = child;
  if (pid === undefined) return child;
  sandbox.guard.watch(pid);
  child.once('exit', () => sandbox.guard.forget(pid));
  return child;
}
