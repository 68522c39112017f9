// npx tsx e2e/sandbox/smoke.ts [version] [single|demo|replicated]: does the sandbox still work with that RocketMQ?
import { startOracle } from './oracle';
import { DEFAULT_VERSION } from './provision';
import { startSandbox, type Topology } from './sandbox';
import { startWorkload } from './workload';

async function main(): Promise<void> {
  const [version = DEFAULT_VERSION, topology = 'single'] = process.argv.slice(2);
  const sandbox = await startSandbox({ version, topology: topology as Topology });
  const oracle = await startOracle(sandbox);
  await oracle.createTopic('smoke');
  await oracle.createGroup('smoke-group');
  await oracle.send('smoke', [{ keys: 'S-1', body: '{"ok":true}' }]);
  await oracle.consumeFailing({ group: 'smoke-group', topic: 'smoke', maxReconsumeTimes: 1, count: 1 });
  const [dead] = await oracle.readAll('%DLQ%smoke-group');
  if (dead?.keys !== 'S-1' || dead.reconsumeTimes !== 2)
    throw new Error(`unexpected dead letter ${JSON.stringify(dead)}`);
  const workload = await startWorkload(sandbox, { profile: 'test' });
  if (workload.summary.late.length > 0) throw new Error(`dead letters are late: ${workload.summary.late.join(', ')}`);
  console.log(`RocketMQ ${version}, ${topology}: ${JSON.stringify(workload.summary)}`);
  await sandbox.stop();
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
