'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { JobAccount } from '@/components/jobs/job-account';
import { JobAudit } from '@/components/jobs/job-audit';
import { JobFacts } from '@/components/jobs/job-facts';
import { JobHead } from '@/components/jobs/job-head';
import { UndoBanner } from '@/components/jobs/undo-banner';
import { useProgressAnnouncement } from '@/components/jobs/use-progress-announcement';
import { ClusterLink } from '@/components/shared/cluster-link';
import { ErrorState } from '@/components/shared/states';
import { useT } from '@/lib/i18n/use-t';
import { isMoving, jobDetailQuery, jobItemsQuery } from '@/lib/queries/jobs';
import type { ResetParams } from './search-params';
import { VerifyTable } from './verify-table';

/** Per queue: written, picked up, moving; and the way back. */
export function VerifyStep({ jobId, params, steps }: { jobId: string; params: ResetParams; steps: ReactNode }) {
  const t = useT('offsets');
  const input = { cluster: params.cluster ?? undefined, id: jobId };
  const query = useQuery(jobDetailQuery(input));
  const job = query.data;
  const items = useInfiniteQuery(jobItemsQuery({ ...input, only: 'all' }, job?.state ?? 'RUNNING'));
  useProgressAnnouncement(job);
  if (!job)
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <p aria-busy="true" />
    );
  return (
    <>
      <UndoBanner job={job} />
      <JobHead job={job} />
      {steps}
      <JobAccount job={job} />
      <VerifyTable items={items} moving={isMoving(job.state)} />
      <p className="small mb12">
        <ClusterLink className="link" href={`/jobs/${job.id}`}>
          {t('openJob')}
        </ClusterLink>
      </p>
      <div className="grid g-2">
        <JobFacts job={job} />
        <JobAudit job={job} />
      </div>
    </>
  );
}
