'use client';
import { type KeyboardEvent, useId, useRef } from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useFormat } from '@/components/shared/use-format';
import { type Bar as Bucket, type Histogram, placeOf, shortCount, stepTime } from '@/lib/format/histogram';
import { useT } from '@/lib/i18n/use-t';
import { BarShape, HereMark, TimeAxis, TimeMark } from './histogram-shapes';

type Props = {
  className: string;
  histogram: Histogram;
  summary: string;
  at: number | null;
  /** Where the group stands. */
  here: { at: number; label: string } | null;
  /** Who did not answer. */
  brokers: string;
  onPick: (at: number) => void;
};
const KEYS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -6,
  PageUp: 6,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Bars by store time; a click, a drag or the arrow keys move the chosen time from bar to bar. */
export function HistogramChart({ className, histogram, summary, at, here, brokers, onPick }: Props) {
  const t = useT('offsets');
  const f = useFormat();
  const hatch = useId();
  const slider = useRef<HTMLDivElement>(null);
  const { bars, countTicks, stepMs } = histogram;
  const from = bars[0]?.from ?? 0;
  const to = bars.at(-1)?.to ?? 0;
  const isIn = (time: number) => time >= from && time <= to;
  const axisTime = (time: number) => f.time(time, 'minute');
  const onKeyDown = (event: KeyboardEvent) => {
    const by = KEYS[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = stepTime(bars, at, by);
    if (next !== null) onPick(next);
  };
  const choose = ({ activeTooltipIndex }: { activeTooltipIndex?: number | string | null | undefined }) => {
    const bar = activeTooltipIndex == null ? undefined : bars[Number(activeTooltipIndex)];
    slider.current?.focus({ preventScroll: true });
    if (bar && bar.from !== at) onPick(bar.from);
  };
  return (
    <div className="relative">
      <div className={`ch select-none [&_*]:outline-none ${className}`} role="img" aria-label={summary}>
        <ResponsiveContainer width="100%" height="100%">
          <BarChart
            data={bars}
            margin={{ top: 30, right: 0, bottom: 24, left: 0 }}
            barCategoryGap="10%"
            accessibilityLayer={false}
            onClick={choose}
            onMouseMove={(state, event) => {
              if ((event as { buttons?: number }).buttons === 1) choose(state);
            }}
          >
            <defs>
              <pattern id={hatch} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <line x1="0" y1="0" x2="0" y2="5" className="hat" />
              </pattern>
            </defs>
            <CartesianGrid
              vertical={false}
              syncWithTicks
              horizontal={({ key, x1, x2, y1, y2 }) => <line key={key} x1={x1} x2={x2} y1={y1} y2={y2} className="g" />}
            />
            <XAxis dataKey="from" hide />
            <YAxis
              orientation="right"
              domain={[0, countTicks.at(-1) ?? 1]}
              ticks={countTicks}
              tickFormatter={shortCount}
              tickLine={false}
              axisLine={false}
              width={42}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={false}
              content={({ active, payload }) => {
                const bar = active ? (payload?.[0]?.payload as Bucket | undefined) : undefined;
                return bar ? (
                  <div className="tip">
                    <div className="fg3">{t('histogram.bar', { from: f.time(bar.from), to: f.time(bar.to) })}</div>
                    <b className="fw5">
                      {bar.count === null
                        ? t('histogram.barUnknown', { brokers })
                        : t('histogram.barCount', { n: bar.count, count: f.count(bar.count) })}
                    </b>
                  </div>
                ) : null;
              }}
            />
            <Bar
              dataKey={(bar: Bucket) => bar.count ?? 0}
              isAnimationActive={false}
              minPointSize={(value) => (Number(value) > 0 ? 2 : 0)}
              shape={(props: object) => <BarShape {...props} at={at} hatch={hatch} stepMs={stepMs} />}
            />
            <TimeAxis histogram={histogram} label={axisTime} />
            {at !== null && isIn(at) ? <TimeMark share={placeOf(histogram, at)} label={f.time(at)} /> : null}
            {here && isIn(here.at) ? <HereMark share={placeOf(histogram, here.at)} label={here.label} /> : null}
          </BarChart>
        </ResponsiveContainer>
      </div>
      {/* Over the picture and not around it: what lies within a slider is not read out. */}
      <div
        ref={slider}
        className="pointer-events-none absolute inset-0 rounded"
        role="slider"
        tabIndex={0}
        aria-label={t('histogram.slider')}
        aria-valuemin={from}
        aria-valuemax={to}
        aria-valuenow={Math.max(from, Math.min(to, at ?? from))}
        aria-valuetext={at === null ? t('histogram.noTime') : f.when(at)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
