'use client';
import { PlanNotes, PlanValidity } from '@/components/plans/plan-notes';
import { PlanState } from '@/components/plans/plan-state';
import { useDebounced } from '@/components/plans/use-debounced';
import { usePlan } from '@/components/plans/use-plan';
import { useWrite } from '@/components/plans/use-write';
import { WriteConfirmation, WriteDialog, WriteReason } from '@/components/plans/write-dialog';
import { DestinationOptions } from '@/components/redrive/destination-options';
import { useDestination } from '@/components/redrive/use-destination';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { MessageDetail } from '@/lib/contract/messages';
import type { LetterEdit, RedrivePlan, RedriveTarget } from '@/lib/contract/plans';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { planRedrive } from '@/lib/queries/plans';
import { EditDiff } from './edit-diff';
import { EditFields } from './edit-fields';
import { useLetterDraft } from './use-letter-draft';
import { useNoteTexts } from './use-note-texts';

type Props = {
  cluster: string;
  group: string;
  id: string;
  detail: MessageDetail;
  onClose: () => void;
  onStarted: (jobId: string) => void;
};

/** Fields on one side; on the other what changes, who gets it, why. */
export function EditForm({ cluster, group, id, detail, onClose, onStarted }: Props) {
  const t = useT('edit');
  const notes = useNoteTexts();
  const redrive = useT('redrive');
  const destination = useDestination(cluster);
  const { kind, input: target } = destination;
  const { before, after, isChanged, isTwice, fields } = useLetterDraft(detail);
  const text = JSON.stringify(after);
  const rested = useDebounced(text, 400);
  const planOf = (to: RedriveTarget) =>
    planRedrive({ cluster, group, select: { ids: [id] }, target: to, edit: JSON.parse(rested) as LetterEdit });
  const canPlan = isChanged && !isTwice && target !== null;
  const plan = usePlan(
    ['edit', cluster, group, id, target, rested],
    () => planOf(target ?? { kind: 'group' }),
    canPlan,
  );
  // Who else the original topic reaches is said before anybody chooses it.
  const origin = usePlan(
    ['edit', cluster, group, id, 'origin', 'preview'],
    () => planOf({ kind: 'origin' }),
    canPlan && kind === 'group' && plan.isSuccess,
  );
  const present = plan.isPlaceholderData ? undefined : plan.data;
  const write = useWrite(plan, (job) => onStarted(job.id));
  const isCurrent = rested === text && !plan.isPlaceholderData;
  const missing = isTwice
    ? t('missing.twice')
    : !isChanged
      ? t('missing.change')
      : target === null
        ? redrive('topicMissing')
        : t('missing.plan');
  const shown = canPlan ? plan.data : undefined;
  return (
    <WriteDialog
      write={canPlan && (isCurrent || plan.isError) ? write : { ...write, missing }}
      size="wide"
      title={t('title')}
      cluster={cluster}
      about={group}
      act={t('act')}
      icon="redrive"
      promise={t('promise')}
      isUnsaved={isChanged}
      onClose={onClose}
    >
      <div className="rd">
        <div>
          <EditFields detail={detail} fields={fields} />
        </div>
        <div>
          <p className="lab">
            {t('diff')} <small className="fg3">{shown ? <PlanValidity plan={shown} /> : null}</small>
          </p>
          <EditDiff before={before} after={after} />
          <DestinationOptions
            group={group}
            destination={destination}
            origin={kind === 'origin' && present ? present : origin.data}
            topic={kind === 'topic' ? present : undefined}
          />
          {canPlan ? (
            <PlanState plan={plan}>
              {shown ? (
                <div className={isCurrent ? undefined : 'pend'} aria-busy={!isCurrent}>
                  <PlanNotes plan={shown} t={notes} />
                  <EarlierJob plan={shown} />
                  {shown.edit ? <NewId edit={shown.edit} /> : null}
                  <WriteConfirmation write={write} phrase={shown.confirm} />
                </div>
              ) : null}
            </PlanState>
          ) : null}
          <WriteReason write={write} />
        </div>
      </div>
    </WriteDialog>
  );
}

function EarlierJob({ plan: { refused } }: { plan: RedrivePlan }) {
  const t = useT('edit');
  if (refused?.key !== 'already_edited' && refused?.key !== 'edit_unsure') return null;
  return (
    <p className="small mb12">
      <ClusterLink className="link" href={`/jobs/${refused.params.job}`}>
        {t('openEarlier')}
      </ClusterLink>
    </p>
  );
}

function NewId({ edit: { uniqKey, originUniqKey } }: { edit: NonNullable<RedrivePlan['edit']> }) {
  const t = useT('edit');
  return (
    <p className="small fg2 mb12">
      {t('newId', { id: shortId(uniqKey, 8, 6) })}{' '}
      {originUniqKey ? t('oldId', { id: shortId(originUniqKey, 8, 6) }) : null}
    </p>
  );
}
