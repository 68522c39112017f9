'use client';
import { useState } from 'react';
import { ProblemNote } from '@/components/plans/problem-note';
import { useEnv } from '@/components/plans/use-env';
import { DialogTarget, ReasonField } from '@/components/shared/confirm';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { JobDetail } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { useKindWord } from './job-words';
import { isWatching, settledOf } from './outcome-looks';

type Props = {
  job: JobDetail;
  busy: boolean;
  problem: ApiProblem | null;
  onClose: () => void;
  onConfirm: (reason: string) => void;
};

/** Ends a job early; what is done stays done. When all is written, only the watching ends. */
export function CancelDialog({ job, busy, problem, onClose, onConfirm }: Props) {
  const t = useT('jobs');
  const f = useFormat();
  const kind = useKindWord();
  const env = useEnv(job.cluster);
  const [reason, setReason] = useState('');
  const settled = settledOf(job.outcomes);
  const watching = isWatching(job);
  const isFile = job.kind === 'export';
  const words = { kind: kind(job.kind), group: job.group };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      size="slim"
      role="alertdialog"
      dismissable={!busy}
      title={watching ? t('stopWatching.title', words) : t('cancelRest.title', words)}
      subtitle={<DialogTarget cluster={job.cluster} env={env} />}
      onPrimary={busy ? null : () => onConfirm(reason.trim())}
      actions={
        <>
          <Button onClick={onClose}>{watching ? t('stopWatching.keep') : t('cancelRest.keep')}</Button>
          <Button variant="danger-solid" busy={busy} onClick={() => onConfirm(reason.trim())}>
            {t(watching ? 'act.stopWatching' : 'act.cancel')}
          </Button>
        </>
      }
    >
      <p className="mb12">
        {watching
          ? t(`stopWatching.what.${job.kind === 'reset' ? 'reset' : 'redrive'}`)
          : t(isFile ? 'cancelRest.whatExport' : 'cancelRest.what', {
              n: settled,
              settled: f.count(settled),
              leftN: job.total - settled,
              left: f.count(job.total - settled),
            })}
      </p>
      <ReasonField value={reason} onChange={setReason} required={false} />
      {problem ? <ProblemNote problem={problem} /> : null}
    </Dialog>
  );
}
