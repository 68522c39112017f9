'use client';
import { PlanNotes } from '@/components/jobs/plan-notes';
import { PlanState } from '@/components/jobs/plan-state';
import { usePlan } from '@/components/jobs/use-plan';
import { useWrite } from '@/components/jobs/use-write';
import { WriteConfirmation, WriteDialog, WriteReason } from '@/components/jobs/write-dialog';
import { useFormat } from '@/components/shared/use-format';
import type { Selection } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';
import { planHandle, planReopen } from '@/lib/queries/plans';

type Props = {
  mode: 'handle' | 'reopen';
  cluster: string;
  group: string;
  selection: Selection;
  count: number;
  onClose: () => void;
  onStarted: (jobId: string) => void;
};

/** Off the open list, or back onto it; nothing on the cluster changes. */
export function HandleDialog({ mode, cluster, group, selection, count, onClose, onStarted }: Props) {
  const t = useT('purge');
  const f = useFormat();
  const make = mode === 'handle' ? planHandle : planReopen;
  const plan = usePlan([mode, cluster, group, selection], () => make({ cluster, group, select: selection }));
  const write = useWrite(plan, (job) => onStarted(job.id));
  const shown = plan.data;
  const n = shown?.count ?? count;
  const words = { n, count: f.count(n) };
  return (
    <WriteDialog
      write={write}
      title={mode === 'handle' ? t('handle.title', words) : t('reopen.title', words)}
      cluster={cluster}
      about={group}
      act={mode === 'handle' ? t('handle.act', words) : t('reopen.act', words)}
      icon={mode === 'handle' ? 'handled' : 'undo'}
      onClose={onClose}
    >
      <p className="mb12">{mode === 'handle' ? t('handle.what') : t('reopen.what')}</p>
      <PlanState plan={plan}>
        {shown ? (
          <>
            <PlanNotes plan={shown} t={t} />
            {shown.skipped.length > 0 ? <SkippedReasons skipped={shown.skipped} /> : null}
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
