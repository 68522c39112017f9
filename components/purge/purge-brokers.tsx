'use client';
import { Unknown } from '@/components/shared/figure';
import { ShortTable } from '@/components/shared/short-table';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { PurgePlan } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';

/** How many lie on each broker; one that does not answer keeps its own. */
export function PurgeBrokers({ plan }: { plan: PurgePlan }) {
  const t = useT('purge');
  const f = useFormat();
  return (
    <ShortTable
      caption={t('perBroker')}
      height="max-h-[168px]"
      heads={[
        { id: 'broker', label: t('broker') },
        { id: 'letters', label: t('letters'), className: 'r' },
        { id: 'offsets', label: t('offsets'), className: 'r hide-m' },
      ]}
      footer={
        plan.oldestAt !== null || plan.newestAt !== null ? (
          <span>
            {t('between')} <When at={plan.oldestAt} form="time" /> – <When at={plan.newestAt} form="time" />
          </span>
        ) : null
      }
    >
      {plan.perBroker.map(({ broker, minOffset, maxOffset, reachable }) => (
        <tr key={broker}>
          <th scope="row">{broker}</th>
          <td className="r">{reachable ? f.count(maxOffset - minOffset) : <Unknown reason={t('unreachable')} />}</td>
          <td className="r mono fg3 hide-m">
            {reachable ? `${f.count(minOffset)}–${f.count(maxOffset)}` : t('unreachable')}
          </td>
        </tr>
      ))}
    </ShortTable>
  );
}
