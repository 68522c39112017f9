import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { SANDBOX } from './paths';
import type { Sandbox } from './sandbox';

/** Where a Java program joins a running sandbox. Plain data but for the guard, so that another process may join as well. */
export type JavaHome = Pick<Sandbox, 'nameServers' | 'scratch' | 'classPath'> &
  Partial<Pick<Sandbox, 'guard' | 'tls' | 'wire'>>;

/**
 * A Java program of this folder, or of another by its path, run from source beside the servers of a sandbox. It ends when its standard input closes,
 * so with this process, and with the sandbox when the guard is given.
 * Its standard error, and the client's log, lie in the scratch folder.
 */
export function runJava(
  sandbox: JavaHome,
  file: string,
  args: readonly string[],
  heap: string,
): ChildProcessWithoutNullStreams {
  const name = path.basename(file, '.java').toLowerCase();
  const folder = path.join(sandbox.scratch, name);
  mkdirSync(folder, { recursive: true });
  const home = [`-Duser.home=${folder}`, `-Djava.io.tmpdir=${folder}`];
  const account = Object.entries(sandbox.wire?.account ?? {}).map(([key, value]) => `-D${key}=${value}`);
  const access = [...account, ...(sandbox.tls?.clientJvm ?? [])];
  const flags = [`-Xmx${heap}`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...home, ...access];
  const child = spawn('java', [...flags, '-cp', sandbox.classPath, path.resolve(SANDBOX, file), ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stderr.pipe(createWriteStream(path.join(folder, 'stderr.log'), { flags: 'a' }));
  const { pid } = child;
  if (pid === undefined) return child;
  sandbox.guard?.watch(pid);
  child.once('exit', () => sandbox.guard?.forget(pid));
  return child;
}
