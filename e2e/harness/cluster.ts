import { request } from 'node:http';
import type { WorkloadSummary } from '../sandbox/workload';

export interface ClusterFacts {
  cluster: string;
  nameServers: string[];
  brokers: { handle: string; name: string; address: string }[];
  scratch: string;
  classPath: string;
}

/** The running sandbox as a worker reaches it. */
export interface Cluster extends ClusterFacts {
  /** Resolves when the shop's dead letters have arrived. */
  workload(): Promise<WorkloadSummary>;
  kill(handle: string): Promise<void>;
  /** Resolves when it is ready. */
  start(handle: string): Promise<void>;
  /**
   * Resolves to the way out when the caller may use the cluster: with others, or alone because it breaks something that
   * they need. In order of asking; a worker that ends has left.
   */
  enter(how: 'shared' | 'alone'): Promise<() => void>;
}

export async function joinCluster(): Promise<Cluster> {
  const facts = await ask<ClusterFacts>('facts');
  const act = (name: string) => async (handle: string) =>
    void (await ask(`${name}?handle=${encodeURIComponent(handle)}`));
  return {
    ...facts,
    workload: () => ask('workload'),
    kill: act('kill'),
    start: act('start'),
    enter,
  };
}

/** No time limit of its own: the test that waits has one. */
function ask<T>(path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const asked = request(address(path), { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        response.statusCode === 200 ? resolve(JSON.parse(text) as T) : reject(new Error(text)),
      );
    });
    asked.once('error', reject).end();
  });
}

/** The answer begins when it is the caller's turn and lasts as long as the turn. */
function enter(how: 'shared' | 'alone'): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const asked = request(address(`enter?how=${how}`), { agent: false }, (response) => {
      response.on('error', () => {}).resume();
      resolve(() => void asked.destroy());
    });
    asked.on('error', reject).end();
  });
}

function address(path: string): string {
  const base = process.env.REDRIVE_E2E_CLUSTER;
  if (!base) throw new Error('The cluster of the browser tests has not been started.');
  return `${base}/${path}`;
}
