'use client';
import { PlanNotes } from '@/components/jobs/plan-notes';
import { PlanState } from '@/components/jobs/plan-state';
import { usePlan } from '@/components/jobs/use-plan';
import { useWrite } from '@/components/jobs/use-write';
import { WriteConfirmation, WriteDialog, WriteReason } from '@/components/jobs/write-dialog';
import { useFormat } from '@/components/shared/use-format';
import type { Selection } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';
import { planExport } from '@/lib/queries/plans';

type Props = {
  cluster: string;
  group: string;
  selection: Selection;
  count: number;
  onClose: () => void;
  onStarted: (jobId: string) => void;
};

/** Writes the letters to a file on the console; its job page offers the download. */
export function ExportDialog({ cluster, group, selection, count, onClose, onStarted }: Props) {
  const t = useT('purge');
  const f = useFormat();
  const plan = usePlan(['export', cluster, group, selection], () => planExport({ cluster, group, select: selection }));
  const write = useWrite(plan, (job) => onStarted(job.id));
  const shown = plan.data;
  const n = shown?.count ?? count;
  const words = { n, count: f.count(n) };
  return (
    <WriteDialog
      write={write}
      title={t('export.title', words)}
      cluster={cluster}
      about={group}
      act={t('export.act', words)}
      icon="download"
      onClose={onClose}
    >
      <p className="mb12">{t('export.what')}</p>
      <PlanState plan={plan}>
        {shown ? (
          <>
            <PlanNotes plan={shown} t={t} />
            <WriteReason write={write} />
            <WriteConfirmation write={write} phrase={shown.confirm} />
          </>
        ) : null}
      </PlanState>
    </WriteDialog>
  );
}
