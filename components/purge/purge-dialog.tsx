'use client';
import { PlanNotes, PlanValidity } from '@/components/plans/plan-notes';
import { PlanState } from '@/components/plans/plan-state';
import { usePlan } from '@/components/plans/use-plan';
import { useWrite } from '@/components/plans/use-write';
import { WriteConfirmation, WriteDialog, WriteReason } from '@/components/plans/write-dialog';
import { useFormat } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import { useT } from '@/lib/i18n/use-t';
import { planPurge } from '@/lib/queries/plans';
import { PurgeBrokers } from './purge-brokers';

type Props = { cluster: string; group: string; onClose: () => void; onStarted: (jobId: string) => void };

/** The whole dead-letter queue of a group: exported, then deleted. */
export function PurgeDialog({ cluster, group, onClose, onStarted }: Props) {
  const t = useT('purge');
  const f = useFormat();
  const plan = usePlan(['purge', cluster, group], () => planPurge({ cluster, group }));
  const write = useWrite(plan, (job) => onStarted(job.id));
  const shown = plan.data;
  const masters = shown?.perBroker.filter(({ reachable }) => reachable).length ?? 0;
  return (
    <WriteDialog
      write={write}
      title={shown ? t('title', { n: shown.count, count: f.count(shown.count), group }) : t('titlePending', { group })}
      cluster={cluster}
      about={shown ? t('brokers', { n: masters, count: f.count(masters) }) : null}
      size="wide"
      act={t('act')}
      danger
      onClose={onClose}
    >
      <PlanState plan={plan}>
        {shown ? (
          <div className="rd">
            <div>
              <p className="mb8">{t.rich('what', { ...rich, topic: shown.topic })}</p>
              <ol className="plan mb12">
                <li>{t.rich('steps.export', { ...rich, n: shown.count, count: f.count(shown.count) })}</li>
                <li>{t.rich('steps.compare', rich)}</li>
                <li>{t.rich('steps.delete', { ...rich, n: masters, count: f.count(masters) })}</li>
                <li>
                  {t.rich('steps.nameServers', {
                    ...rich,
                    n: shown.nameServers.length,
                    count: f.count(shown.nameServers.length),
                  })}
                </li>
                <li>{t.rich('steps.verify', rich)}</li>
              </ol>
              <PlanNotes plan={shown} t={t} />
              <p className="small fg2">{t('instead')}</p>
            </div>
            <div>
              <PurgeBrokers plan={shown} />
              <WriteReason write={write} />
              <WriteConfirmation write={write} phrase={shown.confirm} count={shown.count} />
              <p className="small fg3">
                <PlanValidity plan={shown} />
              </p>
            </div>
          </div>
        ) : null}
      </PlanState>
    </WriteDialog>
  );
}
