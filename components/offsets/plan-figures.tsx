'use client';
import { brokerNames } from '@/components/shared/broker-names';
import { Figure, Unknown } from '@/components/shared/figure';
import { StatStrip } from '@/components/shared/stat-strip';
import { useFormat } from '@/components/shared/use-format';
import { useUnknownReason } from '@/components/shared/wire-figure';
import type { ResetPlan } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';
import { isChanged } from './queue-change';

/** The totals of a plan. */
export function PlanFigures({ plan }: { plan: ResetPlan }) {
  const t = useT('offsets');
  const f = useFormat();
  const reason = useUnknownReason();
  const { totals, queues, members } = plan;
  const changed = queues.filter(isChanged);
  const oldest = Math.min(...changed.flatMap(({ targetStoredAt }) => targetStoredAt ?? []));
  const brokers = new Set(changed.map(({ broker }) => broker)).size;
  const silent = brokerNames(plan.failures);
  const partial = silent !== '';
  const unknown = totals.unknown > 0 ? t('plusUnknown', { n: totals.unknown, count: f.count(totals.unknown) }) : null;
  return (
    <StatStrip
      stats={[
        {
          id: 'replay',
          label: t('replay'),
          value: (
            <Figure
              value={totals.replay}
              unit={t('messages')}
              partial={partial}
              tone={totals.replay > 0 ? 'viol' : undefined}
            />
          ),
          note:
            unknown ??
            (totals.replay > 0 && Number.isFinite(oldest)
              ? t('since', { time: f.when(oldest) })
              : t('nothingReplayed')),
        },
        {
          id: 'skip',
          label: t('skip'),
          value: (
            <Figure
              value={totals.skip}
              unit={t('messages')}
              partial={partial}
              tone={totals.skip > 0 ? 'warn' : undefined}
            />
          ),
          note: totals.skip > 0 ? t('neverDelivered') : t('nothingSkipped'),
        },
        {
          id: 'queues',
          label: t('queuesChanged'),
          value: (
            <span className={partial ? 'part' : undefined}>
              {t.rich(partial ? 'ofQueuesRead' : 'ofQueues', {
                u: (chunks) => <span className="u">{chunks}</span>,
                changed: f.count(changed.length),
                total: f.count(queues.length),
              })}
            </span>
          ),
          note: partial ? (
            <span className="warn">{t('queuesMissing', { brokers: silent })}</span>
          ) : (
            t('onBrokers', { n: brokers, count: f.count(brokers) })
          ),
        },
        {
          id: 'members',
          label: t('scope.members'),
          value:
            members === null ? (
              <Unknown reason={reason(plan.unknown?.members ?? 'members_unknown')} />
            ) : (
              f.count(members)
            ),
          note: members === null ? null : members === 0 ? t('offlineNow') : t('onlineNow'),
        },
      ]}
    />
  );
}
