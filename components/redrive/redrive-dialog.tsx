'use client';
import { useState } from 'react';
import { countSkipped } from '@/components/plans/count-skipped';
import { PlanNotes, PlanValidity } from '@/components/plans/plan-notes';
import { PlanState } from '@/components/plans/plan-state';
import { useDebounced } from '@/components/plans/use-debounced';
import { usePlan } from '@/components/plans/use-plan';
import { useWrite } from '@/components/plans/use-write';
import { WriteConfirmation, WriteDialog, WriteReason } from '@/components/plans/write-dialog';
import { useFormat } from '@/components/shared/use-format';
import type { RedriveTarget, Selection } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';
import { planRedrive } from '@/lib/queries/plans';
import { careInput, isRate, NO_CARE } from './care';
import { CareFields } from './care-fields';
import { DestinationOptions } from './destination-options';
import { RedrivePreview } from './redrive-preview';
import { SpeedField } from './speed-field';
import { useCanary } from './use-canary';
import { useDestination } from './use-destination';

/** What the server plans with unless told otherwise, until its first plan says it. */
const USUAL = { rate: 20, maxRate: 500 };

type Props = {
  cluster: string;
  group: string;
  selection: Selection;
  count: number;
  /** What the list was narrowed to when they were chosen. */
  about: string | null;
  onClose: () => void;
  onStarted: (jobId: string) => void;
};

/** Where to, how fast, what exactly; then one act. */
export function RedriveDialog({ cluster, group, selection, count, about, onClose, onStarted }: Props) {
  const t = useT('redrive');
  const f = useFormat();
  const destination = useDestination(cluster);
  const { kind, input: target } = destination;
  const [care, setCare] = useState(NO_CARE);
  const [maxRate, setMaxRate] = useState(USUAL.maxRate);
  const canary = useCanary(care.hasCanary, target);
  const valid = careInput(care, canary.hasCanary, maxRate);
  const asked = useDebounced(valid === null ? null : JSON.stringify(valid), 300);
  const planOf = (to: RedriveTarget) =>
    planRedrive({ cluster, group, select: selection, target: to, ...(asked === null ? {} : JSON.parse(asked)) });
  const plan = usePlan(
    ['redrive', cluster, group, selection, target, asked],
    () => planOf(target ?? { kind: 'group' }),
    target !== null,
  );
  // Who else the original topic reaches is said before anybody chooses it.
  const origin = usePlan(
    ['redrive', cluster, group, selection, 'origin', 'preview'],
    () => planOf({ kind: 'origin' }),
    kind === 'group' && plan.isSuccess,
  );
  const present = plan.isPlaceholderData ? undefined : plan.data;
  const write = useWrite(plan, (job) => onStarted(job.id));
  const shown = target === null ? undefined : plan.data;
  if (shown && shown.maxRate !== maxRate) setMaxRate(shown.maxRate);
  if (present && target !== null) canary.learn(present);
  const rateText = care.rate ?? String(shown?.rate ?? USUAL.rate);
  const isCurrent = target !== null && !plan.isPlaceholderData && valid !== null && JSON.stringify(valid) === asked;
  // Of all there are, letters that have died since the list was read are among them.
  // What a filter lets through may have changed since the list was read.
  const selected = shown && !('ids' in selection) ? shown.count + countSkipped(shown.skipped) : count;
  const sendCount = shown && !plan.isPlaceholderData ? shown.count : count;
  return (
    <WriteDialog
      write={
        isCurrent || (target !== null && plan.isError)
          ? write
          : {
              ...write,
              missing: !target
                ? t('topicMissing')
                : valid
                  ? t('planPending')
                  : isRate(rateText, maxRate)
                    ? t('careMissing')
                    : t('rateMissing'),
            }
      }
      size="wide"
      title={t('title', { n: selected, count: f.count(selected), group })}
      cluster={cluster}
      about={about}
      act={t('act', { n: sendCount, count: f.count(sendCount) })}
      icon="redrive"
      promise={t('promise')}
      onClose={onClose}
    >
      <div className="rd">
        <div>
          <DestinationOptions
            group={group}
            destination={destination}
            origin={kind === 'origin' && present ? present : origin.data}
            topic={kind === 'topic' ? present : undefined}
          />
          <SpeedField text={rateText} max={maxRate} onChange={(rate) => setCare({ ...care, rate })} count={sendCount} />
          <CareFields care={care} hasCanary={canary.hasCanary} onChange={setCare} plan={shown} />
          <WriteReason write={write} />
        </div>
        <div>
          <p className="lab">
            {t('preview')} <small className="fg3">{shown ? <PlanValidity plan={shown} /> : null}</small>
          </p>
          {target === null ? (
            <p className="fg2">{t('topicFirst')}</p>
          ) : (
            <PlanState plan={plan}>
              {shown ? (
                <div className={isCurrent ? undefined : 'pend'} aria-busy={!isCurrent}>
                  <RedrivePreview plan={shown} selected={selected} notes={<PlanNotes plan={shown} t={t} />} />
                  <WriteConfirmation write={write} phrase={shown.confirm} />
                </div>
              ) : null}
            </PlanState>
          )}
        </div>
      </div>
    </WriteDialog>
  );
}
