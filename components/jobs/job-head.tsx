'use client';
import { useSaid } from '@/components/plans/use-said';
import { Banner } from '@/components/shared/banner';
import { CopyButton } from '@/components/shared/copy-button';
import { PageHeader } from '@/components/shared/page-header';
import { useFormat } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import type { JobDetail } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { isMoving } from '@/lib/queries/jobs';
import { CanarySentence } from './canary-sentence';
import { JobActions } from './job-actions';
import { JobWaiting } from './job-waiting';
import { JobStateChip, useKindWord } from './job-words';
import { exceptionsOf, isWatching, settledOf } from './outcome-looks';
import { PurgeAgain } from './purge-again';

/** Kind, group, state; what is settled, what is left, who and why. */
export function JobHead({ job }: { job: JobDetail }) {
  const t = useT('jobs');
  const f = useFormat();
  const say = useSaid();
  const kind = useKindWord();
  const settled = settledOf(job.outcomes);
  const open = exceptionsOf(job.outcomes);
  // Of a purge that left a broker out each step went well.
  const isClean = open === 0 && settled === job.total && job.state !== 'PARTIAL';
  const note = job.note ? (say(t, `job_notes.${job.note.key}`, job.note.params) ?? job.note.key) : null;
  const counts = { settled: f.count(settled), total: f.count(job.total), left: f.count(job.total - settled) };
  return (
    <>
      <PageHeader
        title={t('headTitle', { kind: kind(job.kind), group: job.group })}
        beside={<JobStateChip job={job} chip />}
        lead
        sentence={
          <>
            {job.exported && job.kind !== 'export' && isMoving(job.state)
              ? t.rich('exporting', {
                  ...rich,
                  written: f.count(job.exported.written),
                  n: job.exported.of,
                  total: f.count(job.exported.of),
                })
              : job.total === 0
                ? isMoving(job.state)
                  ? t('notCounted')
                  : null
                : isWatching(job)
                  ? t.rich(`watching.${job.kind === 'reset' ? 'reset' : 'redrive'}`, { ...rich, open, ...counts })
                  : isMoving(job.state)
                    ? t.rich(job.rate && job.etaMs !== null ? 'progressAtRate' : 'progress', {
                        ...rich,
                        ...counts,
                        rate: f.rate(job.rate ?? 0),
                        eta: f.duration(job.etaMs ?? 0),
                      })
                    : t.rich(isClean ? 'resultClean' : 'result', { ...rich, ...counts })}
            {f.gap}
            {open > 0 ? t.rich('exceptions', { ...rich, n: open, count: f.count(open) }) : null}
            {f.gap}
            <CanarySentence job={job} />
            {f.gap}
            {t.rich('byWhom', {
              id: () => (
                <>
                  <span className="mono">{job.id.slice(-6)}</span>
                  <CopyButton text={job.id} what={t('jobId')} />
                </>
              ),
              actor: job.actor,
              time: f.when(job.startedAt ?? job.createdAt),
              reason: job.reason,
            })}
          </>
        }
        actions={<JobActions job={job} />}
      />
      <JobWaiting job={job} />
      {note ? (
        <Banner
          tone={job.state === 'FAILED' ? 'crit' : 'warn'}
          className="mb12"
          actions={
            job.kind === 'purge' && job.state === 'PARTIAL' && job.returned.length === 0 ? (
              <PurgeAgain job={job}>{t('returned.rest')}</PurgeAgain>
            ) : null
          }
        >
          {note}
        </Banner>
      ) : null}
    </>
  );
}
