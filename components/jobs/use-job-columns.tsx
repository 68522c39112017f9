'use client';
import { useMemo } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { Column } from '@/components/shared/data-table';
import { SplitBar } from '@/components/shared/meter';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { JobSummary } from '@/lib/contract/jobs';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { JobStateChip, useKindWord, useOutcomeWord } from './job-words';
import { barParts, outcomesInOrder, settledOf } from './outcome-looks';

export function useJobColumns(): Column<JobSummary>[] {
  const t = useT('jobs');
  const f = useFormat();
  const kind = useKindWord();
  const outcome = useOutcomeWord();
  return useMemo(
    () => [
      { id: 'state', header: t('columns.state'), cell: (job) => <JobStateChip job={job} /> },
      { id: 'kind', header: t('columns.kind'), cell: (job) => <span className="nm">{kind(job.kind)}</span> },
      {
        id: 'job',
        header: t('columns.job'),
        priority: 2,
        isRowHeader: true,
        cell: (job) => (
          <ClusterLink className="link mono" href={`/jobs/${job.id}`} data-tip={job.id}>
            {shortId(job.id, 2, 6)}
          </ClusterLink>
        ),
      },
      {
        id: 'group',
        header: t('columns.group'),
        className: 'ell max-w-[220px]',
        cell: (job) => (
          <>
            {job.group}
            <ClusterLink className="link small only-m mla" href={`/jobs/${job.id}`}>
              {t('open')}
            </ClusterLink>
          </>
        ),
      },
      {
        id: 'account',
        header: t('columns.account'),
        priority: 2,
        cell: (job) => (
          <span className="flex">
            <span className="w-[120px]">
              <SplitBar
                parts={barParts(job.outcomes)}
                total={job.total}
                label={outcomesInOrder(job.outcomes)
                  .map(({ name, count }) => `${outcome(name)} ${f.count(count)}`)
                  .join(', ')}
              />
            </span>
            {job.total === 0
              ? t('nothingYet')
              : t('settled', { settled: f.count(settledOf(job.outcomes)), total: f.count(job.total) })}
          </span>
        ),
      },
      { id: 'by', header: t('columns.by'), priority: 3, cell: (job) => <span className="fg2">{job.actor}</span> },
      {
        id: 'reason',
        header: t('columns.reason'),
        priority: 2,
        className: 'clip fg2',
        cell: (job) => <span data-tip={job.reason}>{job.reason}</span>,
      },
      {
        id: 'started',
        header: t('columns.started'),
        align: 'right',
        phone: false,
        cell: (job) => <When at={job.startedAt ?? job.createdAt} form="time" />,
      },
      {
        id: 'took',
        header: t('columns.took'),
        align: 'right',
        priority: 3,
        cell: (job) =>
          job.startedAt === null ? (
            <span className="fg3">–</span>
          ) : (
            f.duration(Math.max(0, (job.endedAt ?? f.now) - job.startedAt))
          ),
      },
    ],
    [t, f, kind, outcome],
  );
}
