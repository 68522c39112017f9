'use client';
import type { ReactNode } from 'react';
import { type KeyValue, KvList } from '@/components/shared/kv-list';
import { Meter } from '@/components/shared/meter';
import { Section } from '@/components/shared/page-header';
import { useFormat } from '@/components/shared/use-format';
import type { JobDetail, RedriveProgress } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { isMoving } from '@/lib/queries/jobs';

/** What pauses a redrive by itself: where its canary stands, what failed again, what waits, why it is slower than planned. */
export function JobBrake({ job }: { job: JobDetail }) {
  const t = useT('jobs');
  const f = useFormat();
  const { progress, plan } = job;
  if (!progress) return null;
  const { canary, brake } = progress;
  const isJudged = plan?.kind !== 'redrive' || plan.judged !== false;
  const isGoing = isMoving(job.state);
  const isPaused = job.state === 'PAUSED';
  const rows: (KeyValue | null)[] = [
    canary && { id: 'canary', label: t('brake.canary'), value: <CanaryCell canary={canary} /> },
    {
      id: 'failed',
      label: t('brake.failed'),
      value: isJudged ? (
        <Metered value={brake.failed} limit={brake.limit} bad={brake.failed > 0}>
          {t('brake.failedOf', { failed: f.count(brake.failed), judged: f.count(brake.judged) })}
          <span className="block fg3">{t('brake.pausesAbove', { limit: f.count(brake.limit) })}</span>
        </Metered>
      ) : (
        t('brake.notJudged', { group: job.group })
      ),
    },
    {
      id: 'lag',
      label: t('brake.lag'),
      value: <LagCell brake={brake} />,
    },
    { id: 'speed', label: t('brake.speed'), value: <SpeedCell speed={progress.speed} /> },
  ];
  return (
    <Section
      panel
      title={t('brake.title')}
      note={t(isGoing ? 'brake.armed' : isPaused ? 'brake.pulled' : 'brake.over')}
    >
      <KvList small className="brk" items={rows.filter((row) => row !== null)} />
    </Section>
  );
}

function CanaryCell({ canary }: { canary: NonNullable<RedriveProgress['canary']> }) {
  const t = useT('jobs');
  const f = useFormat();
  const { stage, stages, sent, consumed, failed, waitMs } = canary;
  if (stage > stages.length) return <span className="ok">{t('brake.stageRest')}</span>;
  return (
    <span>
      <b>{t('brake.stage', { stage: f.count(stage), of: f.count(stages.length + 1) })}</b>
      <span className={failed > 0 ? 'block crit' : 'block'}>
        {t('brake.ofStage', { consumed: f.count(consumed), sent: f.count(sent), failed: f.count(failed) })}
      </span>
      <span className="block fg3">{t('brake.waits', { wait: f.duration(waitMs) })}</span>
    </span>
  );
}

function LagCell({ brake: { lag, lagLimit } }: { brake: RedriveProgress['brake'] }) {
  const t = useT('jobs');
  const f = useFormat();
  const text = lag === null ? t('brake.lagUnknown') : f.count(lag);
  if (lagLimit === null) return lag === null ? text : t('brake.noLimit', { lag: text });
  return (
    <Metered value={lag ?? 0} limit={lagLimit} bad={lag !== null && lag > lagLimit}>
      {t('brake.lagOf', { lag: text, limit: f.count(lagLimit) })}
    </Metered>
  );
}

function SpeedCell({ speed: { rate, planned, slowed } }: { speed: RedriveProgress['speed'] }) {
  const t = useT('jobs');
  const f = useFormat();
  const said = { rate: f.count(rate), planned: f.count(planned) };
  if (!slowed) return t('brake.speedNow', said);
  return (
    <span className="warn">
      {slowed.key === 'busy'
        ? t('brake.slowedBusy', { ...said, code: slowed.code ?? 0 })
        : t('brake.slowedSlow', { ...said, p95: f.duration(slowed.p95Ms ?? 0) })}
    </span>
  );
}

function Metered({ value, limit, bad, children }: { value: number; limit: number; bad: boolean; children: ReactNode }) {
  return (
    <>
      <Meter value={value} limit={limit} width={64} tone={bad ? 'crit' : 'c1'} />
      <span>{children}</span>
    </>
  );
}
