import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Sandbox } from '../../sandbox/sandbox';
import { type Running, withConsole } from '../scale/with-console';

export interface LoopDelay {
  maxMs: number;
  p99Ms: number;
}
export interface Probed extends Running {
  /** Of the server's event loop, since it was last asked. */
  loop(): Promise<LoopDelay>;
  /** Most resident memory since its start. */
  peakMb(): number;
}

/** The built console, with a probe of its event loop in it. */
export function withProbedConsole<T>(
  sandbox: Sandbox,
  env: Record<string, string>,
  work: (running: Probed) => Promise<T>,
): Promise<T> {
  const socket = path.join(sandbox.scratch, 'loop.sock');
  rmSync(socket, { force: true });
  const probe = new URL('./loop-probe.mjs', import.meta.url).href;
  const options = { env: { ...env, NODE_OPTIONS: `--import ${probe}`, REDRIVE_LOOP_PROBE: socket } };
  return withConsole(sandbox, options, (running) =>
    work({
      ...running,
      loop: async () => JSON.parse(await text(connect(socket))),
      peakMb: () =>
        Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${running.console.pid}/status`, 'utf8'))?.[1]) / 1000,
    }),
  );
}
