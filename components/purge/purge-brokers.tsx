'use client';
import { Unknown } from '@/components/shared/figure';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { PurgePlan } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';

/** How many lie on each broker; one that does not answer keeps its own. */
export function PurgeBrokers({ plan }: { plan: PurgePlan }) {
  const t = useT('purge');
  const f = useFormat();
  return (
    <div className="tw mb12">
      <div className="ts max-h-[168px]">
        <table className="tight">
          <caption className="sr">{t('perBroker')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('broker')}</th>
              <th scope="col" className="r">
                {t('letters')}
              </th>
              <th scope="col" className="r hide-m">
                {t('offsets')}
              </th>
            </tr>
          </thead>
          <tbody>
            {plan.perBroker.map(({ broker, minOffset, maxOffset, reachable }) => (
              <tr key={broker}>
                <th scope="row">{broker}</th>
                <td className="r">
                  {reachable ? f.count(maxOffset - minOffset) : <Unknown reason={t('unreachable')} />}
                </td>
                <td className="r mono fg3 hide-m">
                  {reachable ? `${f.count(minOffset)}–${f.count(maxOffset)}` : t('unreachable')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {plan.oldestAt !== null || plan.newestAt !== null ? (
        <div className="tf">
          <span>
            {t('between')} <When at={plan.oldestAt} form="time" /> – <When at={plan.newestAt} form="time" />
          </span>
        </div>
      ) : null}
    </div>
  );
}
