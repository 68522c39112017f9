import 'server-only';
import {
  type JobSummary,
  jobActInput,
  jobDetail as jobDetailReply,
  jobEvent,
  jobItemsQuery,
  jobItemsReply,
  jobQuery,
  jobStartInput,
  jobSummary,
  jobsQuery,
  jobsReply,
} from '@/lib/contract/jobs';
import type { Ctx } from '@/lib/domain/ctx';
import { acknowledgeJob, cancelJob, pauseJob, resumeJob, type Steering } from '@/lib/domain/jobs/act';
import { jobDetail } from '@/lib/domain/jobs/detail';
import { findJob } from '@/lib/domain/jobs/find';
import { listItems } from '@/lib/domain/jobs/items';
import { listJobs } from '@/lib/domain/jobs/list';
import { startJob } from '@/lib/domain/jobs/start';
import { summarise } from '@/lib/domain/jobs/summarise';
import type { Operation } from '@/lib/store/operations';
import { ApiError } from '../api-error';
import { defineEndpoint, StreamReply } from '../endpoint';
import { jobEvents } from '../job-events';
import { openExport, requireReadable } from '../job-export';
import { claimedPlanId, isTokenOf, planKey } from '../plan-token';
import { runtime } from '../runtime';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;
const START_DEADLINE_MS = 15_000;

export const jobsList = defineEndpoint({
  method: 'GET',
  path: '/api/jobs',
  summary: 'Jobs, newest first',
  permission: 'metadata:read',
  input: jobsQuery,
  reply: jobsReply,
  run: listJobs,
});

export const jobStart = defineEndpoint({
  method: 'POST',
  path: '/api/jobs',
  summary: 'Carry out a plan. Repeat with the same Idempotency-Key to get the same job',
  permission: 'metadata:read',
  input: jobStartInput,
  reply: jobSummary,
  status: 202,
  deadlineMs: START_DEADLINE_MS,
  async run(ctx, { token, reason, confirm }, { idempotencyKey }) {
    if (idempotencyKey !== null && !IDEMPOTENCY_KEY.test(idempotencyKey))
      throw new ApiError(400, 'invalid', 'bad_idempotency_key');
    if (runtime().clusters.get(ctx.cluster)?.config.readOnly)
      throw new ApiError(403, 'read_only', 'read_only', { cluster: ctx.cluster });
    const operation = await startJob(ctx, await planOf(ctx, token), { reason, confirm, idempotencyKey });
    if (operation.state === 'QUEUED') runtime().jobs.enqueue(operation);
    return summarise(ctx.store, operation);
  },
});

/** A token that is missing, forged, of another person or another cluster gives no plan away. */
async function planOf(ctx: Ctx, token: string) {
  const id = claimedPlanId(token);
  const plan = id === null ? undefined : await ctx.store.plans.get(id);
  if (!plan || plan.cluster !== ctx.cluster || !isTokenOf(planKey(), token, plan, ctx.actor.id))
    throw new ApiError(409, 'plan_required', 'plan_required');
  return plan;
}

export const jobsDetail = defineEndpoint({
  method: 'GET',
  path: '/api/jobs/detail',
  summary: 'One job: plan, progress, audit, what can be done with it',
  permission: 'metadata:read',
  input: jobQuery,
  reply: jobDetailReply,
  async run(ctx, { id }) {
    return jobDetail(ctx, await findJob(ctx, id), runtime().jobs.control(id));
  },
});

export const jobItems = defineEndpoint({
  method: 'GET',
  path: '/api/jobs/items',
  summary: 'What a job did, one by one, with evidence; exceptions first',
  permission: 'metadata:read',
  input: jobItemsQuery,
  reply: jobItemsReply,
  async run(ctx, query) {
    return listItems(ctx, await findJob(ctx, query.id), query);
  },
});

export const jobsEvents = defineEndpoint({
  method: 'GET',
  path: '/api/jobs/events',
  summary: 'Progress of a job as server-sent events, until it ends',
  permission: 'metadata:read',
  input: jobQuery,
  reply: null,
  contentType: 'text/event-stream; charset=utf-8',
  event: jobEvent,
  async run(ctx, { id }) {
    await findJob(ctx, id);
    return new StreamReply(jobEvents(ctx, id));
  },
});

export const jobExport = defineEndpoint({
  method: 'GET',
  path: '/api/jobs/export',
  summary: 'The file an export, a purge or, as its report, a redrive wrote, while it is kept',
  permission: 'message:body:read',
  input: jobQuery,
  reply: null,
  async run(ctx, { id }) {
    const job = await findJob(ctx, id);
    // The input names no group: the job does.
    await requireReadable(ctx, job);
    const { body, name } = await openExport(ctx, job, runtime().settings.dataDir);
    return new StreamReply(body, name);
  },
});

function actEndpoint(
  act: 'pause' | 'resume' | 'cancel' | 'acknowledge',
  summary: string,
  verb: (ctx: Ctx, operation: Operation, reason: string | undefined, steering: Steering) => Promise<void>,
) {
  return defineEndpoint({
    method: 'POST',
    path: `/api/jobs/${act}`,
    summary,
    permission: 'metadata:read',
    input: jobActInput,
    reply: jobSummary,
    async run(ctx, { id, reason }): Promise<JobSummary> {
      await verb(ctx, await findJob(ctx, id), reason, runtime().jobs);
      return summarise(ctx.store, await findJob(ctx, id));
    },
  });
}

export const jobPause = actEndpoint('pause', 'Stop a job at its next safe point', pauseJob);
export const jobResume = actEndpoint('resume', 'Go on with a paused job', resumeJob);
export const jobCancel = actEndpoint('cancel', 'End a job; what has been done stays done', cancelJob);
export const jobAcknowledge = actEndpoint('acknowledge', 'Take note of a result', acknowledgeJob);
