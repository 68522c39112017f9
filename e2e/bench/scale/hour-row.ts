import type { Sandbox } from '../../sandbox/sandbox';
import type { HourReport } from './hour';
import { movement } from './move';
import type { Plan } from './plan';
import { type BenchRow, both, inform, limit, median } from './table';
import { runMeasured } from './target';
import { replay } from './wire';

/** The slope of a sawtooth within its noise. */
const GROWTH = 1.03;

/** Memory over an hour's sweeps, one after the other. */
export async function measureHour(sandbox: Sandbox, plan: Plan): Promise<BenchRow[]> {
  const { quarters, sweeps } = await runMeasured<HourReport>('./hour.ts', sandbox, [], async (round) => {
    for (const { name, address } of sandbox.brokers)
      await replay(address, movement(plan, name, round), { inFlight: 8, check: true });
  });
  const [, , third = [], fourth = []] = quarters.map((quarter) => quarter.map(({ rssMb }) => rssMb));
  const live = quarters.map((quarter) => median(quarter.map(({ liveMb }) => liveMb)));
  return [
    limit(`resident memory in ${sweeps} sweeps (an hour of them), MB`, Math.round(Math.max(...third, ...fourth)), 250),
    inform('… last quarter', `${both(fourth)} MB`),
    limit('… last quarter beside the one before', median(fourth) / median(third), GROWTH),
    limit('… what is alive, last quarter beside the one before', (live[3] ?? 0) / (live[2] ?? 1), GROWTH),
  ];
}
