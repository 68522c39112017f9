import type { z } from 'zod';
import type { HandlePlan, handlePlanInput } from '@/lib/contract/plans';
import { defineJob } from '../jobs/job-spec';
import { type MutationSpec, mutation } from '../mutation';
import type { HandleInput, HandleWhat } from './input';
import { planMarks } from './plan';
import { type MarkKind, runMarks } from './run';

/** Marks of the console's own, reversible: nothing on the cluster changes (safety §5.6). */
const markMutation = (kind: MarkKind) => {
  const run: MutationSpec<HandleInput>['run'] = (ctx, operation) => runMarks(ctx, operation, kind);
  return mutation<HandleInput>({
    name: `dead-letters.${kind}`,
    kind,
    permission: 'dead-letter:redrive',
    resource: ({ group }) => ({ type: 'group', name: group, group: null }),
    run,
    resume: run,
  });
};

const markJob = (kind: MarkKind) =>
  defineJob<z.output<typeof handlePlanInput>, HandlePlan, HandleWhat, HandleInput>({
    kind,
    mutation: markMutation(kind),
    locksGroup: false,
    canPause: false,
    canCancel: true,
    closesByRun: true,
    makePlan: (ctx, input) => planMarks(ctx, kind, input),
    toInput: ({ group, count }, what) => ({ group, count, what }),
  });

export const HANDLE_JOB = markJob('handle');
export const REOPEN_JOB = markJob('reopen');
