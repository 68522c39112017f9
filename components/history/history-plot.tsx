'use client';
import { useId } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useFormat } from '@/components/shared/use-format';
import type { HistoryGap } from '@/lib/contract/history';
import { formatSpan } from '@/lib/format/durations';
import { shortCount } from '@/lib/format/histogram';
import { type Entry, type History, type HistoryRow, isAlone, type Series } from '@/lib/format/history';
import { HistoryLinks } from './history-links';
import { HistoryTip } from './history-tip';
import { COLOUR } from './use-series';

/** Room for the labels of the scale, right of the plot. */
const SCALE = 46;

/** Series over the axis of time that all charts of the page share, and one cursor with them. */
export function HistoryPlot({
  className,
  history,
  series,
  ticks,
  gaps,
  entries,
  summary,
  hasLinks,
}: {
  className: string;
  history: History;
  series: readonly Series[];
  ticks: readonly number[];
  gaps: readonly HistoryGap[];
  entries: readonly Entry[];
  summary: string;
  hasLinks: boolean;
}) {
  const f = useFormat();
  const hatch = useId();
  const { rows, from, to } = history;
  const label = (value: number) => (series.includes('lagMs') ? formatSpan(value, f.locale) : shortCount(value));
  const length = to - from;
  return (
    <div className="relative">
      <div className={`ch select-none [&_*]:outline-none ${className}`} role="img" aria-label={summary}>
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart
            data={rows}
            syncId="history"
            margin={{ top: 6, right: 0, bottom: 2, left: 0 }}
            accessibilityLayer={false}
          >
            <defs>
              <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <line x1="0" y1="0" x2="0" y2="5" className="hat" />
              </pattern>
            </defs>
            {gaps.map((gap) => (
              <ReferenceArea
                key={`${gap.from} ${gap.reason}`}
                x1={gap.from}
                // At least two units of the picture wide.
                x2={Math.min(to, Math.max(gap.to, gap.from + length / 300))}
                fill={`url(#${hatch})`}
                fillOpacity={1}
                ifOverflow="hidden"
              />
            ))}
            <CartesianGrid
              vertical={false}
              syncWithTicks
              horizontal={({ key, x1, x2, y1, y2 }) => <line key={key} x1={x1} x2={x2} y1={y1} y2={y2} className="g" />}
            />
            <XAxis
              dataKey="x"
              type="number"
              domain={[from, to]}
              ticks={history.timeTicks}
              tickFormatter={(at: number) => timeLabel(at)}
              tickLine={false}
              axisLine={{ stroke: 'var(--line-strong)' }}
              minTickGap={12}
              height={24}
            />
            <YAxis
              orientation="right"
              domain={[0, ticks.at(-1) ?? 1]}
              ticks={[...ticks]}
              tickFormatter={label}
              tickLine={false}
              axisLine={false}
              width={SCALE}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: 'var(--fg-3)', strokeDasharray: '2 2' }}
              content={({ active, payload }) => {
                const row = active ? (payload?.[0]?.payload as HistoryRow | undefined) : undefined;
                return row ? <HistoryTip row={row} series={series} gaps={gaps} /> : null;
              }}
            />
            {entries.map((entry) =>
              'mark' in entry ? (
                <ReferenceLine
                  key={`${entry.at} ${entry.mark.kind === 'job' ? entry.mark.id : entry.mark.topic}`}
                  x={entry.at}
                  stroke={entry.mark.kind === 'job' ? 'var(--fg-2)' : 'var(--viol)'}
                  ifOverflow="hidden"
                />
              ) : null,
            )}
            {series.map((each) => (
              <Area
                key={`${each} most`}
                dataKey={(row: HistoryRow) => bandOf(row, each)}
                stroke={COLOUR[each].stroke}
                strokeWidth={1}
                strokeOpacity={0.3}
                fill={COLOUR[each].stroke}
                fillOpacity={0.12}
                type="linear"
                dot={false}
                activeDot={false}
                connectNulls={false}
                isAnimationActive={false}
              />
            ))}
            {series.map((each) => (
              <Line
                key={each}
                dataKey={each}
                stroke={COLOUR[each].stroke}
                strokeWidth={1.5}
                type="linear"
                dot={({ cx, cy, index, key }) =>
                  isAlone(rows, index, each) ? (
                    <circle key={key} cx={cx} cy={cy} r={1.5} fill={COLOUR[each].stroke} />
                  ) : (
                    <g key={key} />
                  )
                }
                activeDot={{ r: 3, fill: COLOUR[each].stroke, stroke: 'var(--surface)' }}
                connectNulls={false}
                isAnimationActive={false}
              />
            ))}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      {hasLinks ? <HistoryLinks history={history} entries={entries} right={SCALE} /> : null}
    </div>
  );

  /** Days where the range is of days. */
  function timeLabel(at: number): string {
    const text = f.time(at, 'minute');
    const isMidnight = / 00:00$/.test(text);
    return isMidnight ? text.slice(0, -6).replace(/,$/, '') : text;
  }
}

function bandOf(row: HistoryRow, series: Series): [number, number] | null {
  const [value, most] = [row[series], row.most[series]];
  if (value === null || most === null) return null;
  return [series === 'lag' ? (row.lagMin ?? value) : value, most];
}
