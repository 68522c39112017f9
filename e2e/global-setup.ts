import { serveCluster } from './harness/serve-cluster';

/** The cluster of all workers, unless `npm test` has started one already (run-cluster.ts). */
export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.REDRIVE_E2E_CLUSTER) return undefined;
  const { url, stop } = await serveCluster();
  process.env.REDRIVE_E2E_CLUSTER = url;
  return stop;
}
