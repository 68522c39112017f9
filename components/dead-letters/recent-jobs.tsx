'use client';
import { useQuery } from '@tanstack/react-query';
import { JobStateChip, useKindWord, useOutcomeWord } from '@/components/jobs/job-words';
import { outcomesInOrder } from '@/components/jobs/outcome-looks';
import { ClusterLink } from '@/components/shared/cluster-link';
import { ShortTable } from '@/components/shared/short-table';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { JobSummary } from '@/lib/contract/jobs';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { jobListQuery } from '@/lib/queries/jobs';
import { recentLetterJobs } from './search-params';

/** What was done to dead letters, newest first. Nothing while nobody did anything. */
export function RecentJobs({ cluster }: { cluster: string | undefined }) {
  const t = useT('dead-letters');
  const jobs = useQuery(jobListQuery(recentLetterJobs(cluster))).data?.items ?? [];
  if (jobs.length === 0) return null;
  return (
    <ShortTable
      className="mt12"
      caption={t('recent.title')}
      height=""
      heads={[
        { id: 'job', label: t('recent.title') },
        { id: 'group', label: t('column.group') },
        { id: 'outcome', label: t('recent.outcome'), className: 'p2' },
        { id: 'messages', label: t('recent.messages'), className: 'r p2' },
        { id: 'by', label: t('ledger.by'), className: 'p3' },
        { id: 'ended', label: t('recent.ended'), className: 'r' },
      ]}
    >
      {jobs.map((job) => (
        <JobLine key={job.id} job={job} />
      ))}
    </ShortTable>
  );
}

function JobLine({ job }: { job: JobSummary }) {
  const t = useT('dead-letters');
  const f = useFormat();
  const kind = useKindWord();
  const outcome = useOutcomeWord();
  const account = outcomesInOrder(job.outcomes).map(({ name, count }) =>
    t('recent.count', { outcome: outcome(name), count: f.count(count) }),
  );
  return (
    <tr>
      <th scope="row">
        <ClusterLink className="link" href={`/jobs/${job.id}`}>
          {kind(job.kind)}
        </ClusterLink>{' '}
        <span className="mono fg3 hide-m">{shortId(job.id, 0, 6)}</span>
      </th>
      <td>
        <ClusterLink className="hoverline nm-s" href="/dead-letters/group" params={{ group: job.group }}>
          {job.group}
        </ClusterLink>
      </td>
      <td className="p2 clip" data-tip={account.join(t('narrowed.comma'))}>
        {account.join(t('narrowed.comma'))}
      </td>
      <td className="r n p2">{f.count(job.total)}</td>
      <td className="p3 fg2">{job.actor}</td>
      <td className="r">
        {job.endedAt === null ? <JobStateChip job={job} /> : <When at={job.endedAt} form="time" precision="minute" />}
      </td>
    </tr>
  );
}
