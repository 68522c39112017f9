import type { Operation } from '@/lib/store/operations';
import { isActive } from '@/lib/store/schema';
import { recordAudit } from '../audit/record';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { isPermitted, notPermitted } from '../permission';
import { cancelRequestJson, cancelRequestOf } from './cancel-request';
import type { JobControl } from './control';
import { groupOf } from './group-of';
import { jobSpec } from './kinds';

/** What the job runner offers to those who steer a job. */
export interface Steering {
  /** Null: nobody in this process works on it. */
  control(id: string): JobControl | null;
  enqueue(operation: Operation): void;
}

type Act = 'pause' | 'resume' | 'cancel' | 'acknowledge';

/** Asks a running job to stop at its next safe point; it may have ended before it gets there. */
export async function pauseJob(
  ctx: Ctx,
  operation: Operation,
  reason: string | undefined,
  steering: Steering,
): Promise<void> {
  await refuseUnlessPermitted(ctx, operation, 'pause', reason);
  const control = steering.control(operation.id);
  if (!jobSpec(operation.kind).canPause || operation.state !== 'RUNNING' || !control)
    throw impossible('pause', operation);
  await record(ctx, operation, 'pause', reason, 'success');
  control.request('pause', ctx.actor.name);
}

export async function resumeJob(
  ctx: Ctx,
  operation: Operation,
  reason: string | undefined,
  steering: Steering,
): Promise<void> {
  await refuseUnlessPermitted(ctx, operation, 'resume', reason);
  const isAtRest = operation.state === 'PAUSED' && !steering.control(operation.id);
  if (!isAtRest || cancelRequestOf(operation)) throw impossible('resume', operation);
  await record(ctx, operation, 'resume', reason, 'success');
  steering.enqueue(operation);
}

/**
 * What has been sent stays sent; the rest is not. A job that nobody works on is started once more with its end asked for,
 * where its kind has an account to close. The request stands in the journal before it is answered.
 */
export async function cancelJob(
  ctx: Ctx,
  operation: Operation,
  reason: string | undefined,
  steering: Steering,
): Promise<void> {
  await refuseUnlessPermitted(ctx, operation, 'cancel', reason);
  const spec = jobSpec(operation.kind);
  if (!isActive(operation.state)) throw impossible('cancel', operation);
  const control = steering.control(operation.id);
  if (control && !spec.canCancel) throw impossible('cancel', operation);
  await record(ctx, operation, 'cancel', reason, 'success');
  if (!control && !spec.closesByRun) return void (await spec.mutation.cancel(ctx, operation));
  const { id } = operation;
  const isOpen = await ctx.store.operations.noteRequest(id, cancelRequestJson(ctx.actor.name));
  if (!isOpen) throw impossible('cancel', operation);
  if (!steering.control(id)) steering.enqueue(operation);
  steering.control(id)?.request('cancel', ctx.actor.name);
}

export async function acknowledgeJob(ctx: Ctx, operation: Operation, reason: string | undefined): Promise<void> {
  await refuseUnlessPermitted(ctx, operation, 'acknowledge', reason);
  if (isActive(operation.state)) throw impossible('acknowledge', operation);
  if (operation.acknowledgedAt !== null) return;
  await record(ctx, operation, 'acknowledge', reason, 'success');
  await ctx.store.operations.acknowledge(operation.id, ctx.actor.name, ctx.now());
}

const impossible = (act: Act, { id, state, kind }: Operation) =>
  new DomainError('CONFLICT', `cannot_${act}`, { operation: id, state, kind });

async function refuseUnlessPermitted(
  ctx: Ctx,
  operation: Operation,
  act: Act,
  reason: string | undefined,
): Promise<void> {
  const { permission } = jobSpec(operation.kind).mutation;
  if (isPermitted(ctx.actor, permission, { cluster: ctx.cluster, group: groupOf(operation) })) return;
  await record(ctx, operation, act, reason, 'denied');
  throw notPermitted(permission);
}

async function record(
  ctx: Ctx,
  { id, kind }: Operation,
  act: Act,
  reason: string | undefined,
  outcome: 'success' | 'denied',
): Promise<void> {
  await recordAudit(ctx, {
    action: `job.${act}`,
    resource: { type: 'job', name: id },
    outcome,
    operation: { id, previewHash: null, reason },
    ...(reason && { params: {} }),
    ...(outcome === 'denied' && { error: `not_permitted ${jobSpec(kind).mutation.permission}` }),
  });
}
