import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../sandbox/paths';
import { DEFAULT_VERSION } from '../../sandbox/provision';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox';
import { buildCluster } from './build';
import { PLAN_VERSION, type Plan } from './plan';

/** Thousands of queues per broker: small files for each of them, and neither timers nor an index. */
const SETTINGS = {
  mappedFileSizeConsumeQueue: '20000',
  maxMessageSize: '262144',
  timerWheelEnable: 'false',
  messageIndexEnable: 'false',
  traceTopicEnable: 'false',
  // A broker that shares its cores with three others may take longer than the 200 ms after which it refuses a message.
  waitTimeMillsInSendQueue: '60000',
};

/**
 * The cluster of the bench. Built once in `.cache/scale-<version>` (minutes) and started from there afterwards
 * (seconds); remove that folder to build it again.
 */
export async function startScaleCluster(plan: Plan, say: (line: string) => void): Promise<Sandbox> {
  const scratch = path.join(ROOT, '.cache', `scale-${DEFAULT_VERSION}`);
  const mark = path.join(scratch, 'built.json');
  const isBuilt = existsSync(mark) && JSON.parse(readFileSync(mark, 'utf8')).plan === PLAN_VERSION;
  if (!isBuilt) rmSync(scratch, { recursive: true, force: true });
  const startedAt = Date.now();
  const sandbox = await startSandbox({ topology: 'wide', scratch, settings: SETTINGS });
  say(
    `4 masters ready after ${((Date.now() - startedAt) / 1000).toFixed(0)} s${isBuilt ? ', with what they hold' : ''}`,
  );
  if (isBuilt) return sandbox;
  try {
    await buildCluster(sandbox, plan, say);
    // A clean stop: what is kept must not need a recovery at every start.
    await Promise.all(sandbox.brokers.map(({ handle }) => sandbox.kill(handle, 'SIGTERM')));
    writeFileSync(mark, JSON.stringify({ plan: PLAN_VERSION }));
    for (const { handle } of sandbox.brokers) await sandbox.start(handle);
    return sandbox;
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

/** Ends it without a trace in the kept store. */
export async function stopScaleCluster(sandbox: Sandbox): Promise<void> {
  await Promise.all(sandbox.brokers.map(({ handle }) => sandbox.kill(handle, 'SIGTERM')));
  await sandbox.stop();
}
