import { createInterface } from 'node:readline';
import { type JavaHome, runJava } from './java';

/** What the seed left behind, as `Workload.java` prints it. */
export interface WorkloadSummary {
  sent: number;
  topics: number;
  groups: number;
  /** Dead letters per group. */
  dead: Record<string, number>;
  /** Groups whose dead letters had not all arrived in time; normally empty. */
  late: string[];
  tookMs: number;
}

export interface Workload {
  summary: WorkloadSummary;
  /** Ends all its producers and consumers. */
  stop(): Promise<void>;
}

/** Starts the shop and resolves when its dead letters have arrived; traffic goes on until `stop()` or the end of the home. */
export async function startWorkload(
  home: JavaHome,
  options: { profile?: 'demo' | 'test'; seed?: number } = {},
): Promise<Workload> {
  const { profile = 'test', seed = 42 } = options;
  const args = ['--namesrv', home.nameServers.join(';'), '--seed', String(seed), '--profile', profile];
  const child = runJava(home, 'Workload.java', args, '160m');
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const summary = await new Promise<WorkloadSummary>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`The workload ended with ${code}; see ${home.scratch}/workload/stderr.log`)),
    );
    // The client's logging prints to the same stream.
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('READY ')) resolve(JSON.parse(line.slice(6)) as WorkloadSummary);
    });
  });
  return {
    summary,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
