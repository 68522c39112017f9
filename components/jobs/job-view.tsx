'use client';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useEffect } from 'react';
import { RunPanel } from '@/components/run-once/run-panel';
import { ErrorState } from '@/components/shared/states';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { isMoving, jobDetailQuery, jobItemsQuery } from '@/lib/queries/jobs';
import { JobAccount } from './job-account';
import { JobAudit } from './job-audit';
import { JobBrake } from './job-brake';
import { JobFacts } from './job-facts';
import { JobHead } from './job-head';
import { JobItems } from './job-items';
import { hasItems } from './outcome-looks';
import { PurgeReturned } from './purge-again';
import { jobParams } from './search-params';
import { shownItems } from './shown-items';
import { UndoBanner } from './undo-banner';
import { useProgressAnnouncement } from './use-progress-announcement';

/** One write: what it is, how far, what came out, and what can be done with it. */
export function JobView({ id }: { id: string }) {
  const [{ cluster, items }] = useQueryStates(jobParams);
  const input = { cluster: cluster ?? undefined, id };
  const query = useQuery(jobDetailQuery(input));
  const job = query.data;
  const moving = job !== undefined && isMoving(job.state);
  const only = shownItems(items, job?.outcomes ?? {});
  const pages = useInfiniteQuery(jobItemsQuery({ ...input, only }, job?.state));
  const client = useQueryClient();
  useEffect(() => {
    if (!moving) void client.invalidateQueries({ queryKey: ['jobs', cluster ?? undefined, 'items', id] });
  }, [moving, client, cluster, id]);
  useProgressAnnouncement(job);
  if (!job)
    return query.isError ? (
      <ErrorState error={query.error as ApiProblem} onRetry={() => void query.refetch()} />
    ) : (
      <p aria-busy="true" />
    );
  return (
    <>
      <UndoBanner job={job} />
      <PurgeReturned job={job} />
      <JobHead job={job} />
      <JobAccount job={job} />
      {job.run ? <RunPanel run={job.run} group={job.group} /> : null}
      {hasItems(job) ? (
        <div className="grid g-84">
          <JobItems job={job} pages={pages} only={only} />
          <div className="col gap12">
            <JobBrake job={job} />
            <JobFacts job={job} />
            <JobAudit job={job} />
          </div>
        </div>
      ) : (
        <div className="grid g-2 items-start">
          <JobFacts job={job} />
          <JobAudit job={job} />
        </div>
      )}
    </>
  );
}
