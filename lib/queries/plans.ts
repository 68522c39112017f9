import type { z } from 'zod';
import {
  exportPlan,
  type exportPlanInput,
  handlePlan,
  type handlePlanInput,
  purgePlan,
  type purgePlanInput,
  redrivePlan,
  type redrivePlanInput,
  resetPlan,
  type resetPlanInput,
} from '@/lib/contract/plans';
import { postJson } from './fetcher';

/** Plans change nothing on the cluster; a job does, with the plan's token. */
export const planReset = (input: z.input<typeof resetPlanInput>) => postJson('/api/plans/reset', input, resetPlan);
export const planRedrive = (input: z.input<typeof redrivePlanInput>) =>
  postJson('/api/plans/redrive', input, redrivePlan);
export const planPurge = (input: z.input<typeof purgePlanInput>) => postJson('/api/plans/purge', input, purgePlan);
export const planHandle = (input: z.input<typeof handlePlanInput>) => postJson('/api/plans/handle', input, handlePlan);
export const planReopen = (input: z.input<typeof handlePlanInput>) => postJson('/api/plans/reopen', input, handlePlan);
export const planExport = (input: z.input<typeof exportPlanInput>) => postJson('/api/plans/export', input, exportPlan);
