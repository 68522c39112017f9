'use client';
import type { ReactNode } from 'react';
import { PlanNotes, PlanValidity } from '@/components/plans/plan-notes';
import { PlanState } from '@/components/plans/plan-state';
import { usePlan } from '@/components/plans/use-plan';
import { useWrite } from '@/components/plans/use-write';
import { WriteConfirmation, WriteProblem, WriteReason } from '@/components/plans/write-dialog';
import { PageHeader } from '@/components/shared/page-header';
import { saveCsv } from '@/components/shared/save-text';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import type { ResetPlan } from '@/lib/contract/plans';
import { asCsv } from '@/lib/format/csv';
import { useT } from '@/lib/i18n/use-t';
import { planReset } from '@/lib/queries/plans';
import { PlanFigures } from './plan-figures';
import { PlanTable } from './plan-table';
import { isChanged } from './queue-change';
import type { ResetParams } from './search-params';

type Props = {
  group: string;
  params: ResetParams;
  title: string;
  steps: ReactNode;
  onBack: () => void;
  onStarted: (jobId: string) => void;
};

/** What would be written, queue by queue; then reason, confirmation, apply. */
export function PlanStep({ group, params, title, steps, onBack, onStarted }: Props) {
  const t = useT('offsets');
  const common = useT('common');
  const f = useFormat();
  const plan = usePlan(['reset', params.cluster, group, params.topic, params.to, params.at, params.undo], () =>
    planReset({
      cluster: params.cluster ?? undefined,
      group,
      topic: params.topic ?? undefined,
      to: targetOf(params),
    }),
  );
  const write = useWrite(plan, (job) => onStarted(job.id));
  const shown = plan.data;
  const changed = shown?.queues.filter(isChanged).length ?? 0;
  const act = shown
    ? t('apply', {
        n: changed,
        queues: f.count(changed),
        replay: f.count(shown.totals.replay),
        skip: f.count(shown.totals.skip),
        kind: shown.totals.skip > 0 ? (shown.totals.replay > 0 ? 'both' : 'skip') : 'replay',
      })
    : t('applyPending');
  const isRetry = write.problem?.status === 0;
  const blocked = isRetry ? null : write.missing;
  return (
    <>
      <PageHeader
        title={title}
        sentence={
          plan.isError ? (
            t('planFailed')
          ) : shown ? (
            <>
              {t('planOf', { topic: shown.topic })} <PlanValidity plan={shown} />
              {t('planDrift', { n: shown.driftTolerance, tolerance: f.count(shown.driftTolerance) })}
            </>
          ) : (
            t('planning')
          )
        }
        actions={
          shown ? (
            <>
              <Button icon="refresh" busy={plan.isFetching} onClick={() => void plan.refetch()}>
                {t('planAgain')}
              </Button>
              <Button icon="download" onClick={() => savePlan(shown, f.iso)}>
                {t('planCsv')}
              </Button>
            </>
          ) : null
        }
      />
      {steps}
      <PlanState plan={plan}>
        {shown ? (
          <form
            className="contents"
            onSubmit={(event) => {
              event.preventDefault();
              if (blocked === null) write.press();
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && blocked === null) write.press();
            }}
          >
            <PlanFigures plan={shown} />
            <PlanNotes plan={shown} t={t} />
            <PlanTable plan={shown} />
            {shown.refused ? null : (
              <div className="grid g-2 mb12 mt12">
                <WriteReason write={write} />
                <div>
                  <WriteConfirmation write={write} phrase={shown.confirm} />
                  <p className="hint">{t('undoLater')}</p>
                </div>
              </div>
            )}
            <WriteProblem write={write} />
            <div className="flex wrap-f mt8">
              <Button onClick={onBack}>{common('back')}</Button>
              {shown.refused ? null : (
                <Button type="submit" variant="primary" icon="reset" busy={write.busy} disabledReason={blocked}>
                  {act}
                </Button>
              )}
              <span className="fg3 small">
                {shown.refused ? null : blocked ? t('stillMissing', { what: blocked }) : t('writtenHow')}
              </span>
            </div>
          </form>
        ) : null}
      </PlanState>
      {plan.isError ? (
        <div className="flex mt8">
          <Button onClick={onBack}>{common('back')}</Button>
        </div>
      ) : null}
    </>
  );
}

function targetOf({ to, at, undo }: ResetParams): Parameters<typeof planReset>[0]['to'] {
  if (undo !== null) return { kind: 'undo', jobId: undo };
  return to === 'timestamp' ? { kind: to, at: at ?? '' } : { kind: to };
}

function savePlan(plan: ResetPlan, iso: (at: number) => string): void {
  const time = (at: number | null) => (at === null ? '' : iso(at));
  const header = [
    'topic',
    'broker',
    'queueId',
    'minOffset',
    'maxOffset',
    'committedOffset',
    'committedStoredAt',
    'targetOffset',
    'targetStoredAt',
    'replay',
    'skip',
    'clientId',
    'path',
  ];
  const rows = plan.queues.map((queue) => [
    plan.topic,
    queue.broker,
    queue.queueId,
    queue.minOffset,
    queue.maxOffset,
    queue.committedOffset,
    time(queue.committedStoredAt),
    queue.targetOffset,
    time(queue.targetStoredAt),
    queue.replay,
    queue.skip,
    queue.clientId,
    queue.path,
  ]);
  saveCsv(`reset-plan-${plan.group}`, asCsv(header, rows));
}
