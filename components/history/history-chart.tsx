'use client';
import dynamic from 'next/dynamic';
import { useFormat } from '@/components/shared/use-format';
import type { HistoryGap } from '@/lib/contract/history';
import { type Entry, type History, latest, mostOf, type Series, valueTicks } from '@/lib/format/history';
import { useT } from '@/lib/i18n/use-t';
import { COLOUR, useSeries } from './use-series';

const HEIGHT = 'h-[164px]';
const HistoryPlot = dynamic(() => import('./history-plot').then((m) => m.HistoryPlot), {
  ssr: false,
  loading: () => <div className={HEIGHT} aria-busy="true" />,
});

const NONE: readonly never[] = [];

/** A panel with figures over time: legend with the newest ones, the plot, and both in a sentence for who cannot see it. */
export function HistoryChart({
  history,
  gaps = NONE,
  entries = NONE,
  title,
  note,
  series,
  hasLinks = false,
}: {
  history: History;
  gaps?: readonly HistoryGap[];
  entries?: readonly Entry[];
  title: string;
  note: string;
  series: readonly Series[];
  hasLinks?: boolean;
}) {
  const t = useT('history');
  const f = useFormat();
  const { name, write, figure } = useSeries();
  const [main = 'lag'] = series;
  const most = mostOf(history.rows, series);
  const ends = { name: title, from: f.time(history.from), to: f.time(history.to) };
  const now = latest(history.rows, main);
  const summary =
    now && most !== null
      ? t('summary', {
          ...ends,
          now: figure(now, main) ?? '',
          most: write(main, most),
          gaps: gaps.length,
          gapCount: f.count(gaps.length),
        })
      : t('summaryNone', ends);
  return (
    <section className="panel">
      <header className="wrap-f">
        <h3 className="fw5">{title}</h3>
        <small>{note}</small>
      </header>
      <div className="in">
        <div className="lg mb4">
          {series.map((each) => {
            const row = latest(history.rows, each);
            return (
              <span key={each}>
                <svg viewBox="0 0 12 8" aria-hidden="true">
                  <line x1="0" x2="12" y1="4" y2="4" className={COLOUR[each].line} />
                </svg>
                {name[each]} <b>{row ? figure(row, each) : t('noFigure')}</b>
              </span>
            );
          })}
          {most === null ? null : <span className="mla k">{t('most', { value: write(main, most) })}</span>}
        </div>
        <HistoryPlot
          className={HEIGHT}
          history={history}
          series={series}
          ticks={valueTicks(history.rows, series)}
          gaps={gaps}
          entries={entries}
          summary={summary}
          hasLinks={hasLinks}
        />
      </div>
    </section>
  );
}
