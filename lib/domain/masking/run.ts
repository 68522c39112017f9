import type { JobDetail } from '@/lib/contract/jobs';
import { MASKED } from '@/lib/contract/masking';
import { hidesProperty } from './apply';
import type { Mask } from './mask';

type Run = NonNullable<JobDetail['run']>;

/** What came of running a letter once, without what the client said where that is hidden, and without hidden keys. */
export function maskRun(mask: Mask | null, run: Run | null): Run | null {
  if (!mask || !run) return run;
  const { remark, siblings } = run;
  return {
    ...run,
    remark: remark !== null && mask.remarks ? MASKED : remark,
    siblings: siblings && {
      ...siblings,
      shared: isTold(mask, siblings) ? siblings.shared : MASKED,
      letters: mask.keys ? siblings.letters.map(({ id }) => ({ id, name: id })) : siblings.letters,
    },
  };
}

/** `shared` quotes a property, what the client said, or neither. */
function isTold(mask: Mask, { basis, shared }: NonNullable<Run['siblings']>): boolean {
  if (basis === 'cause') return !hidesProperty(mask, shared.slice(0, shared.indexOf(':')));
  return basis === 'origin' || !mask.remarks;
}

/** A plan names a few letters by their keys. */
export const maskPlan = (mask: Mask | null, plan: JobDetail['plan']): JobDetail['plan'] =>
  mask?.keys && plan?.kind === 'redrive'
    ? { ...plan, sample: plan.sample.map((letter) => ({ ...letter, keys: [] })) }
    : plan;
