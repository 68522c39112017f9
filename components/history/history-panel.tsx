'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { EmptyState, ErrorState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { useLive } from '@/components/shell/live';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { formatSpan } from '@/lib/format/durations';
import { prepareHistory } from '@/lib/format/history';
import { useT } from '@/lib/i18n/use-t';
import { groupHistoryQuery, HISTORY_RANGES } from '@/lib/queries/history';
import { HistoryCharts } from './history-charts';
import { historyParams } from './search-params';

const HistoryTable = dynamic(() => import('./history-table').then((m) => m.HistoryTable), { ssr: false });

/** What has been recorded of a group: charts on one axis of time, and what happened meanwhile. */
export function HistoryPanel({ input }: { input: { cluster: string | undefined; group: string } }) {
  const t = useT('history');
  const f = useFormat();
  const { isLive } = useLive();
  const [{ range }, setParams] = useQueryStates(historyParams);
  const [isTable, setIsTable] = useState(false);
  const query = useQuery(groupHistoryQuery({ ...input, range }, isLive));
  const { data } = query;
  const isEmpty = data !== undefined && (data.recordedFrom === null || data.points.at.length === 0);
  const history = data && !isEmpty ? prepareHistory(data, f.zone) : null;
  return (
    <section className="sec" aria-label={t('title')}>
      <div className="flex wrap-f mb8">
        <h2 className="h3 mt0 mb0 grow max-[720px]:basis-full!">
          {t('title')}{' '}
          {data && history ? (
            <small aria-live="polite">
              {t('resolution', { step: formatSpan(data.stepMs, f.locale) })}
              {data.recordedFrom !== null && data.recordedFrom > data.from
                ? ` · ${t('since', { time: f.time(data.recordedFrom) })}`
                : null}
            </small>
          ) : null}
        </h2>
        {history ? (
          <Button size="small" variant="ghost" aria-expanded={isTable} onClick={() => setIsTable(!isTable)}>
            {isTable ? t('hideTable') : t('showTable')}
          </Button>
        ) : null}
        <Segmented
          label={t('range')}
          value={range}
          onChange={(value) => void setParams({ range: value })}
          options={HISTORY_RANGES.map((value) => ({ value, label: t(`ranges.${value}`) }))}
        />
      </div>
      {data && history ? (
        <>
          {isTable ? <HistoryTable group={input.group} history={history} reply={data} /> : null}
          <HistoryCharts history={history} reply={data} />
        </>
      ) : query.error ? (
        <ErrorState error={query.error} title={t('failed')} onRetry={() => void query.refetch()} />
      ) : isEmpty ? (
        <EmptyState icon="waiting" title={t('empty')}>
          {t('emptyText')}
        </EmptyState>
      ) : (
        <p className="fg3 small" aria-busy="true">
          {t('pending')}
        </p>
      )}
    </section>
  );
}
