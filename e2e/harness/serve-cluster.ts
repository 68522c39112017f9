import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSandbox } from '../sandbox/sandbox';
import { startWorkload } from '../sandbox/workload';
import type { ClusterFacts } from './cluster';
import { Turns } from './turns';

export interface ServedCluster {
  /** Where workers reach it (cluster.ts); not told to them yet. */
  url: string;
  /** Ends its servers and the shop. */
  stop(): Promise<void>;
}

/**
 * Starts the cluster and its shop in this process, which outlives a worker that a failed test ends. Workers reach them
 * through one loopback address.
 */
export async function serveCluster(): Promise<ServedCluster> {
  const sandbox = await startSandbox({ topology: 'demo' });
  // Its dead letters take a while: tests that look at them wait, the others begin.
  const workload = startWorkload(sandbox, { profile: 'test' });
  workload.catch(() => {});
  const acts: Record<string, (handle: string) => Promise<unknown>> = {
    facts: async (): Promise<ClusterFacts> => ({
      cluster: sandbox.cluster,
      nameServers: sandbox.nameServers,
      brokers: sandbox.brokers.map(({ handle, name, address }) => ({ handle, name, address })),
      scratch: sandbox.scratch,
      classPath: sandbox.classPath,
    }),
    workload: async () => (await workload).summary,
    kill: (handle) => sandbox.kill(handle),
    start: (handle) => sandbox.start(handle),
  };
  const turns = new Turns();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://cluster');
    if (url.pathname !== '/enter') return void answer(url, response, acts);
    response.once(
      'close',
      turns.enter(url.searchParams.get('how') === 'alone', () => response.flushHeaders()),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await sandbox.stop();
    },
  };
}

async function answer(
  url: URL,
  response: ServerResponse,
  acts: Record<string, (handle: string) => Promise<unknown>>,
): Promise<void> {
  try {
    const act = acts[url.pathname.slice(1)];
    if (!act) throw new Error(`nothing is called ${url.pathname}`);
    response.end(JSON.stringify((await act(url.searchParams.get('handle') ?? '')) ?? null));
  } catch (error) {
    response.statusCode = 500;
    response.end(error instanceof Error ? error.message : String(error));
  }
}
