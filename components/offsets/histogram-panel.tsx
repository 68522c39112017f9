'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { ProblemNote } from '@/components/plans/problem-note';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { formatSpan } from '@/lib/format/durations';
import { prepareHistogram, storedSince } from '@/lib/format/histogram';
import { useT } from '@/lib/i18n/use-t';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { groupLagQuery } from '@/lib/queries/groups';
import { topicHistogramQuery } from '@/lib/queries/topics';
import { type HistogramRange, isMostlyBefore, rangeFor, SPANS } from './histogram-ranges';
import { RANGES } from './search-params';

const HEIGHT = 'h-[220px]';
const blank = () => <div className={HEIGHT} aria-busy="true" />;
const HistogramChart = dynamic(() => import('./histogram-chart').then((m) => m.HistogramChart), {
  ssr: false,
  loading: blank,
});
const HistogramTable = dynamic(() => import('./histogram-table').then((m) => m.HistogramTable), { ssr: false });

type Props = {
  cluster: string | undefined;
  group: string;
  topic: string;
  at: number | null;
  /** Null: as much as the time needs, and without one what there is. */
  range: HistogramRange | null;
  onRange: (range: HistogramRange) => void;
  onPick: (at: number, range: HistogramRange) => void;
};

/** When messages were stored, with the time that is read from and where the group stands. */
export function HistogramPanel({ cluster, group, topic, at, range: asked, onRange, onPick }: Props) {
  const t = useT('offsets');
  const f = useFormat();
  const [isTable, setIsTable] = useState(false);
  const isOpening = asked === null && at === null;
  const usual = rangeFor(null, f.now);
  const first = useQuery({ ...topicHistogramQuery({ cluster, topic, span: SPANS[usual] }), enabled: isOpening });
  const range = asked ?? (isOpening && first.data && isMostlyBefore(first.data) ? 'all' : rangeFor(at, f.now));
  const span = SPANS[range];
  const query = useQuery(topicHistogramQuery({ cluster, topic, span }));
  const lag = useQuery(groupLagQuery({ cluster, group, topic })).data;
  const { data } = query;
  const histogram = data ? prepareHistogram(data, f.zone) : null;
  const brokers = data?.unknown ? data.failures.map(({ broker }) => broker).join(', ') : '';
  const pick = (time: number) => onPick(time, range);
  const since = histogram && at !== null ? storedSince(histogram.bars, at) : null;
  return (
    <div className="mt12">
      <div className="flex wrap-f mb8">
        <h3 className="h3 small grow max-[720px]:basis-full!">
          {span ? t('histogram.title', { step: formatSpan(span.stepMs, f.locale) }) : t('histogram.titleAll')}{' '}
          {data ? <small>{t('histogram.note', { topic, n: data.queues, count: f.count(data.queues) })}</small> : null}
        </h3>
        <Segmented
          label={t('histogram.range')}
          value={range}
          onChange={onRange}
          options={RANGES.map((value) => ({ value, label: t(`histogram.ranges.${value}`) }))}
        />
      </div>
      {histogram && data ? (
        <HistogramChart
          className={HEIGHT}
          histogram={histogram}
          summary={summaryOf()}
          at={at}
          here={hereOf()}
          brokers={brokers}
          onPick={pick}
        />
      ) : query.isError ? (
        <ProblemNote
          problem={query.error as ApiProblem}
          actions={
            <Button size="small" onClick={() => void query.refetch()}>
              {t('histogram.again')}
            </Button>
          }
        />
      ) : (
        <div className={HEIGHT} aria-busy="true">
          <span className="fg3 small">{t('histogram.pending')}</span>
        </div>
      )}
      {data?.unknown ? <p className="small warn">◐ {t('histogram.missing', { brokers })}</p> : null}
      <div className="flex wrap-f mt8">
        <span className="fg2 small grow max-[720px]:basis-full!" aria-live="polite">
          {placeOf() ?? t('histogram.how')}
        </span>
        <Button
          size="small"
          variant="ghost"
          icon="refresh"
          busy={query.isFetching}
          onClick={() => void query.refetch()}
        >
          {t('histogram.again')}
        </Button>
        <Button size="small" variant="ghost" aria-expanded={isTable} onClick={() => setIsTable(!isTable)}>
          {isTable ? t('histogram.hideTable') : t('histogram.showTable')}
        </Button>
      </div>
      {isTable && histogram ? <HistogramTable bars={histogram.bars} at={at} onPick={pick} /> : null}
    </div>
  );

  function summaryOf(): string {
    if (!data || !histogram) return '';
    const ends = { from: f.time(data.from), to: f.time(data.to) };
    if (data.total === null) return t('histogram.unknown', ends);
    if (data.total === 0) return t('histogram.none', ends);
    const top = histogram.bars.reduce((most, bar) => ((bar.count ?? 0) > (most.count ?? 0) ? bar : most));
    return t('histogram.summary', {
      ...ends,
      n: data.total,
      count: f.count(data.total),
      most: f.count(top.count ?? 0),
      at: f.time(top.from),
    });
  }

  function placeOf(): string | null {
    if (at === null || !data) return null;
    if (at < data.from) return t('histogram.before', { time: f.time(at) });
    if (at > data.to) return t('histogram.after', { time: f.time(at) });
    if (since === null || data.unknown) return null;
    return t('histogram.since', { time: f.time(at), n: since, count: f.count(since) });
  }

  function hereOf(): { at: number; label: string } | null {
    if (!data || !lag || lag.totals.lag === null || lag.totals.unknown?.lag) return null;
    const { lag: waiting, maxLagMs } = lag.totals;
    if (waiting > 0 && maxLagMs === null) return null;
    const place = waiting === 0 ? data.to : lag.asOf - (maxLagMs ?? 0);
    if (place < data.from) return null;
    return { at: Math.min(place, data.to), label: t('histogram.here', { lag: f.count(waiting) }) };
  }
}
