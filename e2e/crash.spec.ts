import { drive } from './faults/drive';
import { faultOf } from './faults/fault';
import { CLOCKS, CRASHES, PEOPLE, WIRE_FAULTS } from './faults/names';
import { randomOf } from './faults/random';
import { rowOf } from './faults/table';
import { expect, test } from './fixtures';
import { startGuard } from './sandbox/guard';

/** Another seed takes other points; `npm run test:faults` takes all of them. */
const SEED = Number(process.env.REDRIVE_FAULT_SEED ?? 1);

test(`a redrive that is killed or cut off accounts for every message (seed ${SEED})`, async ({ cluster, oracle }) => {
  test.setTimeout(300_000);
  const random = randomOf(SEED, 'subset');
  const [early, late] = [CRASHES.slice(0, 6), CRASHES.slice(6)];
  const others = [...WIRE_FAULTS, ...PEOPLE, ...CLOCKS];
  const names = [early, late, others].map((from) => from[random.between(0, from.length - 1)] ?? 'random_instant');
  const guard = startGuard();
  const stage = { ...cluster, oracle, guard };
  try {
    const runs = names.map((name, index) => drive(stage, faultOf(name, SEED), 2, 18_700 + 20 * index));
    for (const verdict of await Promise.all(runs)) {
      console.log(rowOf(verdict));
      expect.soft(verdict.problems, rowOf(verdict)).toEqual([]);
    }
  } finally {
    await guard.close();
  }
});
