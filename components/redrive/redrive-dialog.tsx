'use client';
import { useState } from 'react';
import { PlanNotes, PlanValidity } from '@/components/plans/plan-notes';
import { PlanState } from '@/components/plans/plan-state';
import { useDebounced } from '@/components/plans/use-debounced';
import { usePlan } from '@/components/plans/use-plan';
import { useWrite } from '@/components/plans/use-write';
import { WriteConfirmation, WriteDialog, WriteReason } from '@/components/plans/write-dialog';
import { useFormat } from '@/components/shared/use-format';
import type { Selection } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';
import { planRedrive } from '@/lib/queries/plans';
import { DestinationOptions, type Target } from './destination-options';
import { RedrivePreview } from './redrive-preview';
import { DEFAULT_RATE, isRate, SpeedField } from './speed-field';

type Props = {
  cluster: string;
  group: string;
  selection: Selection;
  count: number;
  onClose: () => void;
  onStarted: (jobId: string) => void;
};

/** Where to, how fast, what exactly; then one act. */
export function RedriveDialog({ cluster, group, selection, count, onClose, onStarted }: Props) {
  const t = useT('redrive');
  const f = useFormat();
  const [target, setTarget] = useState<Target>('group');
  const [rateText, setRateText] = useState(String(DEFAULT_RATE));
  const rate = useDebounced(isRate(rateText) ? Number(rateText) : null, 300);
  const planOf = (kind: Target) =>
    planRedrive({ cluster, group, select: selection, target: { kind }, rate: rate ?? DEFAULT_RATE });
  const keyOf = (kind: Target) => ['redrive', cluster, group, selection, kind, rate ?? DEFAULT_RATE];
  const plan = usePlan(keyOf(target), () => planOf(target));
  // Who else the original topic reaches is said before anybody chooses it.
  const origin = usePlan(
    ['redrive', cluster, group, selection, 'origin', 'preview'],
    () => planOf('origin'),
    target === 'group' && plan.isSuccess,
  );
  const write = useWrite(plan, (job) => onStarted(job.id));
  const shown = plan.data;
  const isCurrent = !plan.isPlaceholderData && isRate(rateText) && Number(rateText) === shown?.rate;
  // Of all there are, letters that have died since the list was read are among them.
  const selected = shown && 'all' in selection ? shown.count + shown.skipped.length : count;
  const sendCount = shown && !plan.isPlaceholderData ? shown.count : count;
  return (
    <WriteDialog
      write={
        isCurrent || plan.isError
          ? write
          : { ...write, missing: isRate(rateText) ? t('planPending') : t('rateMissing') }
      }
      size="wide"
      title={t('title', { n: selected, count: f.count(selected), group })}
      cluster={cluster}
      act={t('act', { n: sendCount, count: f.count(sendCount) })}
      icon="redrive"
      promise={t('promise')}
      onClose={onClose}
    >
      <div className="rd">
        <div>
          <DestinationOptions
            group={group}
            target={target}
            onChange={setTarget}
            origin={target === 'origin' ? (plan.isPlaceholderData ? undefined : plan.data) : origin.data}
          />
          <SpeedField text={rateText} onChange={setRateText} count={sendCount} />
          <WriteReason write={write} />
        </div>
        <div>
          <p className="lab">
            {t('preview')} <small className="fg3">{shown ? <PlanValidity plan={shown} /> : null}</small>
          </p>
          <PlanState plan={plan}>
            {shown ? (
              <div className={isCurrent ? undefined : 'pend'} aria-busy={!isCurrent}>
                <RedrivePreview plan={shown} selected={selected} notes={<PlanNotes plan={shown} t={t} />} />
                <WriteConfirmation write={write} phrase={shown.confirm} />
              </div>
            ) : null}
          </PlanState>
        </div>
      </div>
    </WriteDialog>
  );
}
