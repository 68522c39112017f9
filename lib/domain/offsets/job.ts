import type { ResetPlan, ResetPlanInput } from '@/lib/contract/plans';
import { defineJob } from '../jobs/job-spec';
import { resetItems } from './items';
import { planReset } from './plan-reset';
import { recheckReset } from './recheck';
import { RESET } from './reset';
import { type ResetInput, resetInput } from './reset-input';
import { undoOf } from './undo';

export const RESET_JOB = defineJob<ResetPlanInput, ResetPlan, null, ResetInput>({
  kind: 'reset',
  mutation: RESET,
  makePlan: async (ctx, input) => ({ plan: await planReset(ctx, input), frozen: null }),
  recheck: (ctx, plan) => recheckReset(ctx, resetInput(plan)),
  toInput: resetInput,
  locksGroup: true,
  canPause: false,
  canCancel: true,
  closesByRun: true,
  outcomes: async (store, { id }) => ({ ...(await store.resetQueues.countsByState(id)) }) as Record<string, number>,
  items: resetItems,
  undo: undoOf,
  target: ({ targetTopic }) => targetTopic,
});
