import type { z } from 'zod';
import type {
  exportPlan,
  exportPlanInput,
  handlePlan,
  handlePlanInput,
  purgePlan,
  purgePlanInput,
  redrivePlan,
  redrivePlanInput,
  resetPlan,
  resetPlanInput,
  runOncePlan,
  runOncePlanInput,
} from '@/lib/contract/plans';
import { postJson } from './fetcher';

/** Plans change nothing on the cluster; a job does, with the plan's token. */
export const planReset = (input: z.input<typeof resetPlanInput>) =>
  postJson<typeof resetPlan>('/api/plans/reset', input);
export const planRedrive = (input: z.input<typeof redrivePlanInput>) =>
  postJson<typeof redrivePlan>('/api/plans/redrive', input);
export const planPurge = (input: z.input<typeof purgePlanInput>) =>
  postJson<typeof purgePlan>('/api/plans/purge', input);
export const planHandle = (input: z.input<typeof handlePlanInput>) =>
  postJson<typeof handlePlan>('/api/plans/handle', input);
export const planReopen = (input: z.input<typeof handlePlanInput>) =>
  postJson<typeof handlePlan>('/api/plans/reopen', input);
export const planExport = (input: z.input<typeof exportPlanInput>) =>
  postJson<typeof exportPlan>('/api/plans/export', input);
export const planRunOnce = (input: z.input<typeof runOncePlanInput>) =>
  postJson<typeof runOncePlan>('/api/plans/run-once', input);
