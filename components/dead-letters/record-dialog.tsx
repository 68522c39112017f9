'use client';
import { PlanNotes } from '@/components/plans/plan-notes';
import { PlanState } from '@/components/plans/plan-state';
import { usePlan } from '@/components/plans/use-plan';
import { useWrite } from '@/components/plans/use-write';
import { WriteConfirmation, WriteDialog, WriteReason } from '@/components/plans/write-dialog';
import { useFormat } from '@/components/shared/use-format';
import type { ExportPlan, HandlePlan, Selection } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';
import { planExport, planHandle, planReopen } from '@/lib/queries/plans';

export type RecordAct = 'export' | 'handle' | 'reopen';
type Props = {
  act: RecordAct;
  cluster: string;
  group: string;
  selection: Selection;
  count: number;
  onClose: () => void;
  onStarted: (jobId: string) => void;
};

const PLAN = { export: planExport, handle: planHandle, reopen: planReopen };
const ICON = { export: 'download', handle: 'handled', reopen: 'undo' } as const;

/** What this console keeps of letters: a file of them, a mark that they are handled, or that mark taken back. Nothing on the cluster changes. */
export function RecordDialog({ act, cluster, group, selection, count, onClose, onStarted }: Props) {
  const t = useT('purge');
  const f = useFormat();
  const plan = usePlan<ExportPlan | HandlePlan>([act, cluster, group, selection], () =>
    PLAN[act]({ cluster, group, select: selection }),
  );
  const write = useWrite(plan, (job) => onStarted(job.id));
  const shown = plan.data;
  const n = shown?.count ?? count;
  const words = { n, count: f.count(n) };
  const texts = {
    export: { title: t('export.title', words), act: t('export.act', words), what: t('export.what') },
    handle: { title: t('handle.title', words), act: t('handle.act', words), what: t('handle.what') },
    reopen: { title: t('reopen.title', words), act: t('reopen.act', words), what: t('reopen.what') },
  };
  const text = texts[act];
  return (
    <WriteDialog
      write={write}
      title={text.title}
      cluster={cluster}
      about={group}
      act={text.act}
      icon={ICON[act]}
      onClose={onClose}
    >
      <p className="mb12">{text.what}</p>
      <PlanState plan={plan}>
        {shown ? (
          <>
            <PlanNotes plan={shown} t={t} />
            {'skipped' in shown && shown.skipped.length > 0 ? <SkippedReasons skipped={shown.skipped} /> : null}
            <WriteReason write={write} />
            <WriteConfirmation write={write} phrase={shown.confirm} />
          </>
        ) : null}
      </PlanState>
    </WriteDialog>
  );
}

function SkippedReasons({ skipped }: { skipped: readonly { reason: string }[] }) {
  const t = useT('purge');
  const f = useFormat();
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return (
    <ul className="bul small fg2 mb12">
      {[...counts].map(([reason, n]) => (
        <li key={reason}>
          {t('leftOut', { n, count: f.count(n) })}{' '}
          {t.has(`skipped.${reason}` as never) ? t(`skipped.${reason}` as never) : reason}
        </li>
      ))}
    </ul>
  );
}
