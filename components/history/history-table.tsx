'use client';
import { Unknown } from '@/components/shared/figure';
import { useFormat } from '@/components/shared/use-format';
import type { HistoryReply } from '@/lib/contract/history';
import type { History, HistoryRow, Series } from '@/lib/format/history';
import { useT } from '@/lib/i18n/use-t';
import { useSeries } from './use-series';

const COLUMNS: readonly Series[] = ['lag', 'lagMs', 'inPerS', 'outPerS', 'retries', 'retriesDue', 'deadLetters'];

/** The same points in figures, newest first. */
export function HistoryTable({ group, history, reply }: { group: string; history: History; reply: HistoryReply }) {
  const t = useT('history');
  const f = useFormat();
  const { name, figure } = useSeries();
  const reasonOf = (row: HistoryRow) => {
    const gap = reply.gaps.find(({ from, to }) => from < row.to && to > row.from);
    return gap ? t(`gapShort.${gap.reason}`, { brokers: gap.brokers.join(', ') || t('aBroker') }) : undefined;
  };
  return (
    <div className="tw mb12">
      <div className="ts max-h-[320px]">
        <table className="tight">
          <caption className="sr">{t('caption', { group })}</caption>
          <thead>
            <tr>
              <th scope="col">{t('from')}</th>
              {COLUMNS.map((series) => (
                <th key={series} scope="col" className="r">
                  {series === 'retries' ? t('retries') : name[series]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {history.rows.toReversed().map((row) => (
              <tr key={row.from}>
                <th scope="row" className="n">
                  {f.time(row.from)}
                </th>
                {COLUMNS.map((series) => (
                  <td key={series} className="r n">
                    {figure(row, series) ?? <Unknown reason={reasonOf(row)} />}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
