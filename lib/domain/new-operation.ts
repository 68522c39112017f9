import { monotonicFactory } from 'ulid';
import type { Operation } from '@/lib/store/operations';
import type { Ctx } from './ctx';
import type { MutationSpec, WriteRequest } from './mutation';

const nextId = monotonicFactory();

/** The journal's row of a write that waits for its worker. */
export function newOperation<Input>(
  ctx: Ctx,
  spec: MutationSpec<Input>,
  input: Input,
  request: WriteRequest,
  requestHash: string,
): Operation {
  const resource = spec.resource(input);
  return {
    id: nextId(ctx.now()),
    mutation: spec.name,
    kind: spec.kind,
    cluster: ctx.cluster,
    group: resource.group,
    topic: resource.topic ?? null,
    targetMode: null,
    targetTopic: null,
    rate: null,
    policyJson: null,
    ...spec.describe?.(input),
    state: 'QUEUED',
    inputJson: JSON.stringify(input),
    createdBy: ctx.actor.id,
    createdByName: ctx.actor.name,
    reason: request.reason,
    idempotencyKey: request.idempotencyKey ?? null,
    requestHash,
    planId: request.planId ?? null,
    previewHash: request.previewHash ?? null,
    epoch: 0,
    heartbeatAt: null,
    countsJson: null,
    resultJson: null,
    errorJson: null,
    createdAt: ctx.now(),
    startedAt: null,
    endedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
  };
}
