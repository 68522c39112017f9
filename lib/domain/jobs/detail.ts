import type { JobDetail } from '@/lib/contract/jobs';
import type { AnyPlan } from '@/lib/contract/plans';
import type { Operation } from '@/lib/store/operations';
import { isActive } from '@/lib/store/schema';
import type { Ctx } from '../ctx';
import { maskOfLetters } from '../masking/mask';
import { maskPlan, maskRun } from '../masking/run';
import { isPermitted } from '../permission';
import { type PlanBody, planBody } from '../plans/make';
import { cancelRequestOf } from './cancel-request';
import type { JobControl } from './control';
import { curlOf } from './curl';
import { groupOf } from './group-of';
import { resultOf } from './job-spec';
import { jobSpec } from './kinds';
import { summarise } from './summarise';

/** Everything about one job; `control` is there while it runs in this process. */
export async function jobDetail(ctx: Ctx, operation: Operation, control: JobControl | null): Promise<JobDetail> {
  const spec = jobSpec(operation.kind);
  const [mask, summary, plan, audit, undo, returned] = await Promise.all([
    maskOfLetters(ctx, groupOf(operation)),
    summarise(ctx.store, operation),
    operation.planId === null ? undefined : ctx.store.plans.get(operation.planId),
    ctx.store.audit.list({ operationId: operation.id, limit: 50 }),
    spec.undo?.(ctx, operation) ?? null,
    spec.returned?.(ctx.store, operation) ?? [],
  ]);
  const body = plan ? planBody(plan) : null;
  const progress = spec.progress?.(operation) ?? null;
  const isSending = operation.state === 'RUNNING' && !progress?.canary?.waitingSince;
  const rate = isSending ? (control?.ratePerSecond() ?? null) : null;
  return {
    ...summary,
    target: spec.target?.(operation) ?? operation.targetTopic,
    plan: body && plan ? maskPlan(mask, { ...body.plan, token: '', expiresAt: plan.expiresAt } as AnyPlan) : null,
    rate,
    // When a broker comes back nobody knows.
    etaMs: progress?.waiting ? null : etaMs(summary.outcomes, rate),
    progress,
    exported: spec.exported?.(operation) ?? null,
    returned,
    undo,
    file: resultOf(operation).file ?? null,
    fileProblem: resultOf(operation).fileProblem ?? null,
    run: maskRun(mask, resultOf(operation).run ?? null),
    can: actsOn(ctx, operation),
    audit: audit.map(({ at, phase, action, outcome, hash }) => ({ at, phase, action, outcome, hash })).reverse(),
    // That of an edit holds a whole message.
    curl: body && !(mask && 'edit' in (body.input as object)) ? curlOf(operation, body as PlanBody) : '',
    asOf: ctx.now(),
  };
}

/** Outcome names that mean "not yet tried". */
const WAITING = ['SELECTED', 'PENDING'];

function etaMs(outcomes: Record<string, number>, rate: number | null): number | null {
  if (!rate) return null;
  const waiting = WAITING.reduce((sum, name) => sum + (outcomes[name] ?? 0), 0);
  return Math.round((waiting / rate) * 1000);
}

/** What the actor can do with a job now. */
export function actsOn(ctx: Pick<Ctx, 'actor' | 'cluster'>, operation: Operation): JobDetail['can'] {
  const { state, kind } = operation;
  const { canPause, canCancel, mutation } = jobSpec(kind);
  const scope = { cluster: ctx.cluster, group: groupOf(operation) };
  const may = isPermitted(ctx.actor, mutation.permission, scope);
  const isEnding = cancelRequestOf(operation) !== null;
  return {
    pause: may && canPause && state === 'RUNNING' && !isEnding,
    resume: may && state === 'PAUSED' && !isEnding,
    // One that paused on its way to the end can be brought there again.
    cancel: may && (state === 'QUEUED' || state === 'PAUSED' || (canCancel && isActive(state) && !isEnding)),
    acknowledge: may && !isActive(state) && operation.acknowledgedAt === null,
    download: isPermitted(ctx.actor, 'message:body:read', scope),
  };
}
