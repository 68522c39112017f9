import { randomUUID } from 'node:crypto';
import { expect } from '@playwright/test';
import type { JobDetail, JobItem, JobSummary } from '@/lib/contract/jobs';
import type { AnyPlan } from '@/lib/contract/plans';
import type { Api } from './api';

const ENDED = ['DONE', 'PARTIAL', 'FAILED', 'CANCELLED', 'PAUSED'];

/** A plan of the whole cluster: one that a broker was too busy to answer for is refused, or leaves that broker out. */
export async function makePlan<T extends AnyPlan>(api: Api, kind: T['kind'], body: object): Promise<T> {
  let plan: T | undefined;
  const failures = async () => {
    const answer = await api.post<T>(`/api/plans/${kind}`, body);
    plan = answer.status === 200 ? answer.body : undefined;
    return plan?.failures ?? answer.text;
  };
  await expect.poll(failures).toEqual([]);
  return plan as T;
}

/** As the screens do it: the plan's token, a reason, what has to be typed. */
export async function startJob(api: Api, plan: AnyPlan, reason = 'asked by a test'): Promise<JobSummary> {
  const confirm = plan.confirm === null ? {} : { confirm: plan.confirm };
  const answer = await api.post<JobSummary>(
    '/api/jobs',
    { token: plan.token, reason, ...confirm },
    { 'idempotency-key': randomUUID() },
  );
  expect(answer.status, answer.text).toBe(202);
  return answer.body;
}

/** Waits for the end of a job, or for its pause, and for every item to be counted once. */
export async function ended(api: Api, id: string, timeout = 120_000): Promise<JobDetail> {
  const read = () => api.get<JobDetail>('/api/jobs/detail', { id });
  await expect.poll(async () => ENDED.includes((await read()).state), { timeout, intervals: [200] }).toBe(true);
  const job = await read();
  const counted = Object.values(job.outcomes).reduce((sum, count) => sum + count, 0);
  expect(counted, `${job.kind} ${JSON.stringify(job.outcomes)}`).toBe(job.total);
  return job;
}

export async function itemsOf(api: Api, id: string): Promise<JobItem[]> {
  return (await api.get<{ items: JobItem[] }>('/api/jobs/items', { id, limit: 500 })).items;
}
