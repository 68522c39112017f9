'use client';
import { useQuery } from '@tanstack/react-query';
import { jobLook } from '@/components/jobs/job-words';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Section } from '@/components/shared/page-header';
import { ErrorState } from '@/components/shared/states';
import { Status } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { JobSummary } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { isMoving, jobListQuery } from '@/lib/queries/jobs';
import { recentJobs } from './recent-jobs';

/** Jobs of people, newest first. */
export function JobsPanel({ cluster }: { cluster: string | undefined }) {
  const t = useT('overview');
  const query = useQuery(jobListQuery(recentJobs(cluster)));
  const items = query.data?.items;
  return (
    <Section
      panel
      title={t('jobs.title')}
      note={t('jobs.note')}
      right={
        <ClusterLink className="link" href="/jobs">
          {t('jobs.all')}
        </ClusterLink>
      }
    >
      {!items && query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      {items?.length === 0 ? <p className="fg3">{t('jobs.none')}</p> : null}
      <ul className="jobs">
        {items?.map((job) => (
          <JobLine key={job.id} job={job} />
        ))}
      </ul>
    </Section>
  );
}

const UNSETTLED = new Set(['PENDING', 'INTENT']);

function JobLine({ job }: { job: JobSummary }) {
  const t = useT('overview');
  const words = useT('status');
  const f = useFormat();
  const settled = Object.entries(job.outcomes).reduce(
    (sum, [outcome, count]) => sum + (UNSETTLED.has(outcome) ? 0 : count),
    0,
  );
  return (
    <li>
      <Status {...jobLook(job)}>{words(`job.${job.state}`)}</Status>
      <span className="ell nowrap">
        <ClusterLink className="hoverline" href={`/jobs/${job.id}`}>
          {t('jobs.line', { jobKind: t(`job_kind.${job.kind}`), group: job.group })}
        </ClusterLink>{' '}
        {isMoving(job.state) ? (
          <span className="fg3 small">{t('jobs.progress', { done: f.count(settled), total: f.count(job.total) })}</span>
        ) : null}
      </span>
      <span className="fg3 small">
        <When at={job.endedAt ?? job.startedAt ?? job.createdAt} form="ago" />
      </span>
    </li>
  );
}
