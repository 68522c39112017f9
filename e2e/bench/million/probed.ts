import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Sandbox } from '../../sandbox/sandbox';
import { type BenchRow, inform, limit } from '../scale/table';
import { type Running, withConsole } from '../scale/with-console';

export interface LoopDelay {
  maxMs: number;
  p99Ms: number;
  /** Longest that the server itself was at work in one go: of a delay, what it did not wait for a processor. */
  ranMs: number;
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

/** With two processors for brokers, clients and the store, most of a long delay is others' work; the verdict is on the server's own. */
export const loopRows = ({ maxMs, p99Ms, ranMs }: LoopDelay): BenchRow[] => [
  inform('… longest delay of the event loop', `${maxMs.toFixed(0)} ms (p99 ${p99Ms.toFixed(0)} ms)`, '≤ 50 ms'),
  limit('… longest time it was held by the server itself, ms', ranMs, 50),
];
