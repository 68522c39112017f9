'use client';
import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { PageHeader } from '@/components/shared/page-header';
import { Steps } from '@/components/shared/steps';
import { useT } from '@/lib/i18n/use-t';
import { resetParams } from './search-params';
import { TimeStep } from './time-step';

const loading = () => <p aria-busy="true" />;
const PlanStep = dynamic(() => import('./plan-step').then((m) => m.PlanStep), { loading });
const VerifyStep = dynamic(() => import('./verify-step').then((m) => m.VerifyStep), { loading });

/** Pick a time, read the plan, apply and watch. Where one stands is in the address. */
export function ResetView() {
  const t = useT('offsets');
  const [params, setParams] = useQueryStates(resetParams, { history: 'push' });
  const { group, step, job, undo } = params;
  const current = step === 'verify' && job ? 'verify' : (step === 'plan' || undo) && group ? 'plan' : 'time';
  const steps = (
    <Steps
      label={t('steps.label')}
      current={current}
      steps={[
        { id: 'time', label: undo ? t('steps.undo') : t('steps.time') },
        { id: 'plan', label: t('steps.plan') },
        { id: 'verify', label: t('steps.verify') },
      ]}
    />
  );
  const title = group ? t('titleOf', { group }) : t('title');
  if (current === 'verify' && job) return <VerifyStep jobId={job} params={params} steps={steps} />;
  if (current === 'plan' && group)
    return (
      <PlanStep
        key={[group, params.topic, params.to, params.at, params.undo].join(' ')}
        group={group}
        params={params}
        title={title}
        steps={steps}
        onBack={() => void setParams({ step: null, undo: null })}
        onStarted={(id) => void setParams({ step: 'verify', job: id })}
      />
    );
  return (
    <>
      <PageHeader title={title} sentence={t('nothingYet')} />
      {steps}
      <TimeStep params={params} setParams={setParams} />
    </>
  );
}
