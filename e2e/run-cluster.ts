// Child of run.mjs: starts the cluster of the browser tests while other checks run, says where it is, and ends with its parent.
import { serveCluster } from './harness/serve-cluster';

async function main(): Promise<void> {
  let stop = async () => {};
  const end = async () => {
    await stop();
    // While it starts: the guard ends every server when this process is gone.
    process.exit(0);
  };
  // Ctrl-C is for the parent: whoever uses the cluster ends before it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', end);
  process.once('disconnect', end);
  const served = await serveCluster();
  stop = served.stop;
  process.send?.(served.url);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
