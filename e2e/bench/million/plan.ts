import type { RedrivePlan } from '@/lib/contract/plans';
import { apiOf } from '../../harness/api';
import type { Sandbox } from '../../sandbox/sandbox';
import { type BenchRow, both, inform, limit } from '../scale/table';
import { GROUP, LETTERS } from './letter';
import { type Probed, withProbedConsole } from './probed';
import { untilRead } from './until-read';

const ROUNDS = 5;

/** What a redrive of all of them would do, once the ledger has been read. */
export async function measurePlan(sandbox: Sandbox): Promise<BenchRow[]> {
  return withProbedConsole(sandbox, {}, async (running) => {
    await untilRead(running);
    const took: number[] = [];
    let wrong = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { ms, plan, refusal } = await planAll(running);
      if (!plan) return [refused('counts of a plan over all letters', refusal)];
      took.push(ms);
      if (plan.count !== LETTERS) wrong += 1;
    }
    return [
      inform('counts of a plan over all letters', `${both(took)} ms`, '≤ 1000 ms'),
      limit('… plans that do not count every letter', wrong, 0),
    ];
  });
}

/** A plan to send all letters of the group to the group again, as fast as the configuration lets it. */
export async function planAll({ console: { url } }: Pick<Probed, 'console'>, rate?: number) {
  const startedAt = performance.now();
  const answer = await apiOf(() => url).post<RedrivePlan>('/api/plans/redrive', {
    group: GROUP,
    select: { all: true },
    target: { kind: 'group' },
    ...(rate && { rate }),
  });
  const ms = performance.now() - startedAt;
  return answer.status === 200 ? { ms, plan: answer.body, refusal: '' } : { ms, plan: null, refusal: answer.text };
}

export const refused = (measured: string, refusal: string): BenchRow => {
  console.log(`${measured}: ${refusal}`);
  return { measured, value: 'refused', wanted: 'it is not', holds: false };
};
