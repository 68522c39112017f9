// npm run test:faults: kill -9 at every crash point, and faults on the wire, with one master and with two.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildIfStale } from '../build';
import { startOracle } from '../sandbox/oracle';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox';
import { drive, type Verdict } from './drive';
import { type Fault, faultOf } from './fault';
import { BROKER_FAULTS, CLOCKS, CRASHES, type FaultName, PEOPLE, REPLICA_FAULTS, WIRE_FAULTS } from './names';
import type { Stage } from './stage';
import { failed, printed, rowOf } from './table';

const { values: options } = parseArgs({
  options: {
    /** How many instants of each point. */
    seeds: { type: 'string', default: '2' },
    /** Only these, separated by commas. */
    only: { type: 'string' },
    masters: { type: 'string', default: '1,2' },
    /** Redrives at the same time, each with a console of its own: most of one is waiting. */
    lanes: { type: 'string', default: '4' },
  },
});

async function main(): Promise<number> {
  buildIfStale();
  const names = (options.only?.split(',') as FaultName[] | undefined) ?? [
    ...CRASHES,
    ...WIRE_FAULTS,
    ...PEOPLE,
    ...CLOCKS,
    ...BROKER_FAULTS,
    ...REPLICA_FAULTS,
  ];
  const faults = Array.from({ length: Number(options.seeds) }, (_, seed) =>
    names.map((name) => faultOf(name, seed + 1)),
  ).flat();
  const needsSlave = ({ name }: Fault) => isOneOf(REPLICA_FAULTS, name);
  const [replicated, others] = [faults.filter(needsSlave), faults.filter((fault) => !needsSlave(fault))];
  const verdicts: Verdict[] = [];
  for (const masters of options.masters.split(',').map(Number))
    verdicts.push(...(await all(others, masters, { topology: masters === 1 ? 'single' : 'demo', ...CREATIVE })));
  verdicts.push(...(await all(replicated, 1, REPLICATED)));
  const bad = verdicts.filter(failed);
  process.stdout.write(`\n${printed(verdicts)}\n`);
  for (const verdict of bad) for (const problem of verdict.problems) console.log(`${rowOf(verdict)}: ${problem}`);
  console.log(`${verdicts.length - bad.length} passed, ${bad.length} failed`);
  return bad.length === 0 ? 0 : 1;
}

/** Brokers as they come: they make a topic for whoever sends to one that is missing. */
const CREATIVE: Pick<SandboxOptions, 'settings'> = { settings: { autoCreateTopicEnable: 'true' } };

/** A master that waits for its slave and for its disk. */
const REPLICATED: SandboxOptions = {
  topology: 'replicated',
  inSyncReplicas: 2,
  settings: { flushDiskType: 'SYNC_FLUSH' },
};
const isOneOf = (names: readonly FaultName[], name: FaultName): boolean => names.includes(name);

async function all(faults: readonly Fault[], masters: number, cluster: SandboxOptions): Promise<Verdict[]> {
  if (faults.length === 0) return [];
  const sandbox = await startSandbox(cluster);
  try {
    const stage: Stage = { ...sandbox, oracle: await startOracle(sandbox) };
    const isAlone = ({ name }: Fault) => isOneOf([...BROKER_FAULTS, ...REPLICA_FAULTS], name);
    const waiting = faults.filter((fault) => !isAlone(fault));
    const verdicts: Verdict[] = [];
    const one = async (fault: Fault, port: number, on = stage) => {
      const verdict = await drive(on, fault, masters, port).catch((error: Error) => broken(fault, masters, error));
      verdicts.push(verdict);
      console.log([rowOf(verdict), ...verdict.problems].join('\n  '));
    };
    const lane = async (port: number) => {
      for (let fault = waiting.shift(); fault; fault = waiting.shift()) await one(fault, port);
    };
    await Promise.all(Array.from({ length: Number(options.lanes) }, (_, index) => lane(18_600 + 20 * index)));
    const breakable = breakableOf(sandbox);
    for (const fault of faults.filter(isAlone)) await one(fault, 18_600, { ...stage, breakable });
    const order = (verdict: Verdict) =>
      faults.findIndex(({ name, seed }) => name === verdict.fault && seed === verdict.seed);
    return verdicts.sort((a, b) => order(a) - order(b));
  } finally {
    await sandbox.stop();
  }
}

/** Down for longer than a send waits. */
function breakableOf(sandbox: Sandbox): Stage['breakable'] {
  const [{ handle } = { handle: '' }] = sandbox.brokers;
  return {
    async kill() {
      await sandbox.kill(handle);
      await sandbox.start(handle);
    },
    async stop() {
      await sandbox.kill(handle, 'SIGTERM');
      await sandbox.start(handle);
    },
    leave: () => sandbox.kill(handle),
    comeBack: () => sandbox.start(handle),
    hang: () => sandbox.freeze(handle),
    wakeUp: () => sandbox.thaw(handle),
    freezeSlave: () => sandbox.freeze(`${handle}/1`),
    thawSlave: () => sandbox.thaw(`${handle}/1`),
    async freeze() {
      await sandbox.freeze(handle);
      await delay(12_000);
      await sandbox.thaw(handle);
    },
  };
}

/** A run that came to no end is a failure with a reason. */
function broken({ name, seed, letters }: Fault, masters: number, error: Error): Verdict {
  const nothing = {
    frames: 0,
    copies: 0,
    lost: 0,
    listed: 0,
    unlisted: 0,
    crashes: 0,
    state: '?',
    pauses: [],
    seconds: 0,
  };
  return { ...nothing, fault: name, masters, seed, letters, problems: [error.message] };
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
