'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { CopyLinkButton } from '@/components/shared/copy-button';
import { Button } from '@/components/ui/button';
import { toast } from '@/components/ui/toast-store';
import type { JobDetail, JobSummary } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { actOnJob } from '@/lib/queries/jobs';
import { FileLink } from './file-link';
import { hasItems, isWatching } from './outcome-looks';
import { ReportMenu } from './report-menu';

const CancelDialog = dynamic(() => import('./cancel-dialog').then((m) => m.CancelDialog), { ssr: false });
export type JobAct = Parameters<typeof actOnJob>[0];

/** Pause, resume, cancel, acknowledge: only what can be done now. */
export function JobActions({ job }: { job: JobDetail }) {
  const t = useT('jobs');
  const client = useQueryClient();
  const [cancelling, setCancelling] = useState(false);
  const act = useMutation<JobSummary, ApiProblem, { act: JobAct; reason?: string }>({
    mutationFn: ({ act: what, reason }) =>
      actOnJob(what, { cluster: job.cluster, id: job.id, ...(reason ? { reason } : {}) }),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
    onError: ({ message, hint }) => toast({ tone: 'crit', text: [message, hint].filter(Boolean).join(' ') }),
  });
  const busy = (what: JobAct) => act.isPending && act.variables?.act === what;
  return (
    <>
      {job.can.pause ? (
        <Button icon="pause" busy={busy('pause')} onClick={() => act.mutate({ act: 'pause' })}>
          {t('act.pause')}
        </Button>
      ) : null}
      {job.can.resume ? (
        <Button variant="primary" icon="play" busy={busy('resume')} onClick={() => act.mutate({ act: 'resume' })}>
          {t('act.resume')}
        </Button>
      ) : null}
      {job.can.cancel ? (
        <Button variant="danger" icon="stop" busy={busy('cancel')} onClick={() => setCancelling(true)}>
          {t(isWatching(job) ? 'act.stopWatching' : 'act.cancel')}
        </Button>
      ) : null}
      {job.kind === 'export' ? <FileLink job={job} inHead /> : null}
      {hasItems(job) ? <ReportMenu job={job} /> : null}
      <CopyLinkButton />
      {job.can.acknowledge ? (
        <Button
          variant="primary"
          icon="tick"
          busy={busy('acknowledge')}
          onClick={() => act.mutate({ act: 'acknowledge' })}
        >
          {t('act.acknowledge')}
        </Button>
      ) : null}
      {cancelling ? (
        <CancelDialog
          job={job}
          busy={busy('cancel')}
          problem={act.variables?.act === 'cancel' ? act.error : null}
          onClose={() => setCancelling(false)}
          onConfirm={(reason) => act.mutate({ act: 'cancel', reason }, { onSuccess: () => setCancelling(false) })}
        />
      ) : null}
    </>
  );
}
