import type { Operation } from '@/lib/store/operations';
import type { Plan } from '@/lib/store/plans';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { groupLocked } from '../group-lock';
import { requireConfirmation } from '../plans/confirm';
import { type PlanBody, planBody } from '../plans/make';
import { jobSpec } from './kinds';

export interface StartRequest {
  reason: string;
  confirm?: string | undefined;
  idempotencyKey: string | null;
}

/**
 * Puts the job of a plan into the journal; the job runner carries it out. The same plan and the same
 * `Idempotency-Key` answer the same job, however often and in parallel; without a key the plan itself is the key.
 * `DomainError`: PLAN_STALE, CONFLICT `plan_refused` `plan_used` `group_locked`, UNPROCESSABLE `confirm_missing`
 * `confirm_mismatch` `idempotency_mismatch`, and those of `Mutation.start`.
 */
export async function startJob(ctx: Ctx, plan: Plan, request: StartRequest): Promise<Operation> {
  const spec = jobSpec(plan.kind);
  const body = planBody(plan);
  const { reason, confirm } = request;
  const idempotencyKey = request.idempotencyKey ?? `plan:${plan.id}`;
  const start = async () => {
    const input = spec.toInput(body.plan, body.frozen);
    const { operation } = await spec.mutation.start(ctx, input, {
      reason,
      idempotencyKey,
      planId: plan.id,
      previewHash: plan.hash,
    });
    return operation;
  };
  requireConfirmation(body.plan.confirm, confirm);
  if (await isKnownKey(ctx, idempotencyKey)) return start();
  try {
    await refuseUnlessFresh(ctx, plan, body);
    // Said before the cluster is asked anything; the lock itself is taken by the insert of the operation.
    const locked = await groupLocked(ctx, spec.locksGroup ? plan.group : null);
    if (locked) throw locked;
    await spec.recheck?.(ctx, body.plan, body.frozen);
  } catch (error) {
    // The same request, running beside this one, may have started the job and thereby made the plan stale.
    if (await isKnownKey(ctx, idempotencyKey)) return start();
    throw error;
  }
  return start();
}

async function isKnownKey(ctx: Ctx, key: string): Promise<boolean> {
  return (await ctx.store.operations.byIdempotencyKey(ctx.actor.id, key)) !== undefined;
}

async function refuseUnlessFresh(ctx: Ctx, plan: Plan, { plan: { refused } }: PlanBody): Promise<void> {
  if (ctx.now() > plan.expiresAt) throw new DomainError('PLAN_STALE', 'plan_expired');
  if (refused) throw new DomainError('CONFLICT', 'plan_refused', { kind: plan.kind }, { refused });
  const earlier = await ctx.store.db
    .selectFrom('operation')
    .select('id')
    .where('planId', '=', plan.id)
    .limit(1)
    .executeTakeFirst();
  if (earlier) throw new DomainError('CONFLICT', 'plan_used', { operation: earlier.id });
}
