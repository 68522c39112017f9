import { createHash } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { JobKind } from '@/lib/contract/jobs';
import { canonicalJson } from '@/lib/store/canonical-json';
import type { Plan } from '@/lib/store/plans';
import type { Ctx } from '../ctx';
import type { PlanDraft } from '../jobs/job-spec';
import { jobSpec } from '../jobs/kinds';
import { requirePermission } from '../permission';

export const PLAN_TTL_MS = 5 * 60_000;

/** What a stored plan holds: what was asked, what was answered, and what only the start needs. */
export interface PlanBody {
  input: unknown;
  plan: PlanDraft;
  frozen: unknown;
}

export const planBody = (plan: Plan): PlanBody => JSON.parse(plan.bodyJson) as PlanBody;

const nextId = monotonicFactory();

/** Makes a plan of the given kind and keeps it for five minutes. Changes nothing on the cluster. */
export async function makePlan(ctx: Ctx, kind: JobKind, input: unknown): Promise<{ row: Plan; plan: PlanDraft }> {
  const spec = jobSpec(kind);
  requirePermission(ctx, spec.mutation.permission, { group: (input as { group?: string }).group });
  const { plan, frozen } = await spec.makePlan(ctx, input);
  const bodyJson = JSON.stringify({ input, plan, frozen } satisfies PlanBody);
  const at = ctx.now();
  const row: Plan = {
    id: nextId(at),
    kind,
    cluster: ctx.cluster,
    group: plan.group,
    actorId: ctx.actor.id,
    bodyJson,
    hash: createHash('sha256')
      .update(canonicalJson(JSON.parse(bodyJson)))
      .digest('hex'),
    createdAt: at,
    expiresAt: at + PLAN_TTL_MS,
  };
  await ctx.store.plans.insert(row);
  ctx.crashPoint?.('after_plan_insert');
  return { row, plan };
}
