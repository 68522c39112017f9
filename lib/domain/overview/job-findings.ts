import type { JobSummary } from '@/lib/contract/jobs';
import type { RankedFinding } from './findings';
import type { OverviewJobs } from './jobs';

/** Jobs that stopped before their end, and ends that nobody has acknowledged. */
export function jobFindings({ active, unacknowledged }: OverviewJobs, now: number): RankedFinding[] {
  const paused = active.filter(({ state }) => state === 'PAUSED');
  return [
    ...paused.map((job) => of(job, 'job_paused', job.startedAt ?? job.createdAt, now)),
    ...unacknowledged.map((job) =>
      of(job, job.state === 'FAILED' ? 'job_failed' : 'job_partial', job.endedAt ?? job.createdAt, now),
    ),
  ];
}

function of(job: JobSummary, key: string, since: number, now: number): RankedFinding {
  const ageMs = Math.max(0, now - since);
  return {
    id: `${key}:${job.id}`,
    severity: 'warning',
    key,
    params: { kind: job.kind, group: job.group, actor: job.actor, total: job.total, ageMs },
    href: `/jobs/${job.id}`,
    since,
    tape: null,
    size: job.total,
    ageMs,
  };
}
