import 'server-only';
import type { z } from 'zod';
import type { JobKind } from '@/lib/contract/jobs';
import {
  type AnyPlan,
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
import { makePlan } from '@/lib/domain/plans/make';
import { defineEndpoint, type Endpoint } from '../endpoint';
import { planKey, signPlan } from '../plan-token';

const DEADLINE_MS = 20_000;
/** An edited body as JSON text. */
const MAX_EDIT_BYTES = 6 * 1024 * 1024;

function planEndpoint<I extends z.ZodType, R extends z.ZodType>(
  kind: JobKind,
  permission: Endpoint['permission'],
  summary: string,
  input: I,
  reply: R,
): Endpoint<I, R> {
  return defineEndpoint({
    method: 'POST',
    path: `/api/plans/${kind}`,
    summary,
    permission,
    input,
    reply,
    deadlineMs: DEADLINE_MS,
    async run(ctx, asked) {
      const { row, plan } = await makePlan(ctx, kind, asked);
      const answer = { ...plan, token: signPlan(planKey(), row), expiresAt: row.expiresAt } as AnyPlan;
      return answer as z.input<R>;
    },
  });
}

export const planReset = planEndpoint(
  'reset',
  'group:reset',
  'What an offset reset would do, per queue',
  resetPlanInput,
  resetPlan,
);
export const planRedrive = {
  ...planEndpoint(
    'redrive',
    'dead-letter:redrive',
    'What a redrive would send, and to whom',
    redrivePlanInput,
    redrivePlan,
  ),
  maxBodyBytes: MAX_EDIT_BYTES,
};
export const planPurge = planEndpoint(
  'purge',
  'dead-letter:purge',
  'What a purge would remove',
  purgePlanInput,
  purgePlan,
);
export const planHandle = planEndpoint(
  'handle',
  'dead-letter:redrive',
  'Which dead letters would be marked handled',
  handlePlanInput,
  handlePlan,
);
export const planReopen = planEndpoint(
  'reopen',
  'dead-letter:redrive',
  'Which handled dead letters would be reopened',
  handlePlanInput,
  handlePlan,
);
export const planExport = planEndpoint(
  'export',
  'message:body:read',
  'Which dead letters would be exported',
  exportPlanInput,
  exportPlan,
);
export const planRunOnce = planEndpoint(
  'run-once',
  'dead-letter:redrive',
  'Which clients could run one dead letter once',
  runOncePlanInput,
  runOncePlan,
);
