// npm run test:faults: kill -9 at every crash point, and faults on the wire, with one master and with two.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildIfStale } from '../build';
import { startOracle } from '../sandbox/oracle';
import { type Sandbox, startSandbox } from '../sandbox/sandbox';
import { drive, type Verdict } from './drive';
import { BROKER_FAULTS, CRASHES, type Fault, type FaultName, faultOf, PEOPLE, WIRE_FAULTS } from './fault';
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
    ...BROKER_FAULTS,
  ];
  const faults = Array.from({ length: Number(options.seeds) }, (_, seed) =>
    names.map((name) => faultOf(name, seed + 1)),
  ).flat();
  const verdicts: Verdict[] = [];
  for (const masters of options.masters.split(',').map(Number)) verdicts.push(...(await all(faults, masters)));
  const bad = verdicts.filter(failed);
  process.stdout.write(`\n${printed(verdicts)}\n`);
  for (const verdict of bad) for (const problem of verdict.problems) console.log(`${rowOf(verdict)}: ${problem}`);
  console.log(`${verdicts.length - bad.length} passed, ${bad.length} failed`);
  return bad.length === 0 ? 0 : 1;
}

async function all(faults: readonly Fault[], masters: number): Promise<Verdict[]> {
  const sandbox = await startSandbox({ topology: masters === 1 ? 'single' : 'demo' });
  try {
    const stage: Stage = { ...sandbox, oracle: await startOracle(sandbox) };
    const isAlone = ({ name }: Fault) => (BROKER_FAULTS as readonly string[]).includes(name);
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
    async freeze() {
      await sandbox.freeze(handle);
      await delay(12_000);
      await sandbox.thaw(handle);
    },
  };
}

/** A run that came to no end is a failure with a reason. */
function broken({ name, seed, letters }: Fault, masters: number, error: Error): Verdict {
  const nothing = { frames: 0, copies: 0, lost: 0, listed: 0, unlisted: 0, crashes: 0, state: '?', seconds: 0 };
  return { ...nothing, fault: name, masters, seed, letters, problems: [error.message] };
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
