import { useFormat } from '@/components/shared/use-format';
import type { HistoryGap } from '@/lib/contract/history';
import type { HistoryRow, Series } from '@/lib/format/history';
import { useT } from '@/lib/i18n/use-t';
import { useSeries } from './use-series';

/** The time, then the series in the order of the legend. */
export function HistoryTip({
  row,
  series,
  gaps,
}: {
  row: HistoryRow;
  series: readonly Series[];
  gaps: readonly HistoryGap[];
}) {
  const t = useT('history');
  const f = useFormat();
  const { name, write, figure } = useSeries();
  const gap = gaps.find(({ from, to }) => from < row.to && to > row.from);
  return (
    <div className="tip">
      <div className="fg3">{t('between', { from: f.time(row.from), to: f.time(row.to) })}</div>
      {series.map((each) => {
        const most = row.most[each];
        const isHigher = most !== null && most > (row[each] ?? most);
        return (
          <div key={each}>
            {name[each]} <b className="fw5">{figure(row, each) ?? t('noFigure')}</b>
            {isHigher ? (
              <span className="fg3">
                {' '}
                {each === 'inPerS' || each === 'outPerS'
                  ? t('peak', { value: write(each, most) })
                  : t('most', { value: write(each, most) })}
              </span>
            ) : null}
          </div>
        );
      })}
      {gap ? (
        <div className="fg3">{t(`gapShort.${gap.reason}`, { brokers: gap.brokers.join(', ') || t('aBroker') })}</div>
      ) : null}
    </div>
  );
}
