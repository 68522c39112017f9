'use client';
import { useState } from 'react';
import { PlanNotes } from '@/components/plans/plan-notes';
import { PlanState } from '@/components/plans/plan-state';
import { usePlan } from '@/components/plans/use-plan';
import { useWrite } from '@/components/plans/use-write';
import { WriteDialog, WriteReason } from '@/components/plans/write-dialog';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { planRunOnce } from '@/lib/queries/plans';
import { ClientOptions } from './client-options';
import { RunProgress } from './run-progress';

type Props = { cluster: string; group: string; id: string; onClose: () => void };

/** Choose a client, say why, run the letter there once, read what came of it. */
export function RunOnceDialog({ cluster, group, id, onClose }: Props) {
  const t = useT('run-once');
  const [clientId, setClientId] = useState<string | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const plan = usePlan(
    ['run-once', cluster, group, id, clientId],
    () => planRunOnce({ cluster, group, id, ...(clientId === null ? {} : { clientId }) }),
    jobId === null,
  );
  const write = useWrite(plan, (job) => setJobId(job.id));
  const shown = plan.data;
  const mustChoose = shown?.refused?.key === 'choose_client';
  return (
    <WriteDialog
      write={mustChoose && !plan.isPlaceholderData ? { ...write, missing: t('noneChosen') } : write}
      title={t('title')}
      cluster={cluster}
      about={group}
      act={t('act')}
      icon="play"
      promise={t('promise')}
      outcome={
        jobId === null
          ? null
          : { content: <RunProgress cluster={cluster} group={group} jobId={jobId} />, note: t('kept') }
      }
      onClose={onClose}
    >
      <p className="mb12">{t('what')}</p>
      <PlanState plan={plan}>
        {shown ? (
          <div className={plan.isPlaceholderData ? 'pend' : undefined} aria-busy={plan.isPlaceholderData}>
            {shown.clients.length > 0 ? (
              <ClientOptions clients={shown.clients} chosen={clientId ?? shown.clientId} onChoose={setClientId} />
            ) : null}
            <PlanNotes plan={mustChoose ? { ...shown, refused: null } : shown} t={t} />
            {shown.refused && !mustChoose ? (
              <Button size="small" className="mb12" busy={plan.isFetching} onClick={() => void plan.refetch()}>
                {t('lookAgain')}
              </Button>
            ) : null}
            {shown.clientId !== null && !shown.topicSeen.startsWith('%DLQ%') ? (
              <p className="small fg2 mb12">{t('seen', { topic: shown.topicSeen })}</p>
            ) : null}
            {shown.refused && !mustChoose ? null : <WriteReason write={write} />}
          </div>
        ) : null}
      </PlanState>
    </WriteDialog>
  );
}
