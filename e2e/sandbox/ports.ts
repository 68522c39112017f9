import { createServer } from 'node:net';

const STEP = 10;

/** Below the ephemeral range, so that an outgoing connection cannot take a port between the probe and its use. */
export interface PortRange {
  from: number;
  to: number;
}

/**
 * A port that is free together with its neighbours `port - 2` (the broker's fast port) and `port + 1` (HA).
 * The search starts at a random place: several sandboxes may start at once.
 */
export async function findPort(taken: Set<number>, range: PortRange = { from: 10_000, to: 30_000 }): Promise<number> {
  const places = Math.floor((range.to - range.from) / STEP);
  const start = Math.floor(Math.random() * places);
  for (let tried = 0; tried < places; tried++) {
    const port = range.from + ((start + tried) % places) * STEP + 2;
    if (taken.has(port)) continue;
    taken.add(port);
    if ((await isFree(port)) && (await isFree(port - 2)) && (await isFree(port + 1))) return port;
  }
  throw new Error(`No free port between ${range.from} and ${range.to}.`);
}

export function isFree(port: number, host = '0.0.0.0'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
