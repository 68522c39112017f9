'use client';
import { useState } from 'react';
import { Section } from '@/components/shared/page-header';
import { ShortTable } from '@/components/shared/short-table';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { scaleTop } from './scale-top';

const HOUR_MS = 3_600_000;
const HEIGHT = 64;
/** Of the width that an hour has, so that bars stand apart. */
const FILL = 0.82;
const LABEL_EVERY = 6;

/** Letters that died in each of the last hours, over all groups. */
export function NewLettersChart({
  hours,
  to,
  isPartial,
}: {
  /** Oldest first; the last one ends at `to`. */
  hours: readonly number[];
  to: number;
  /** Some letters are not read yet. */
  isPartial: boolean;
}) {
  const t = useT('dead-letters');
  const f = useFormat();
  const [isTable, setIsTable] = useState(false);
  const from = to - hours.length * HOUR_MS;
  const startOf = (index: number) => from + index * HOUR_MS;
  const span = (index: number) =>
    t('failures.span', { from: f.time(startOf(index), 'minute'), to: f.time(startOf(index + 1), 'minute') });
  const total = hours.reduce((sum, count) => sum + count, 0);
  const most = Math.max(0, ...hours);
  const top = scaleTop(most);
  const width = 100 / Math.max(1, hours.length);
  const summary =
    total === 0
      ? t('chart.none')
      : t('chart.summary', { count: f.count(total), most: f.count(most), span: span(hours.indexOf(most)) });
  return (
    <Section
      panel
      className="mb12"
      title={t('chart.title')}
      note={isPartial ? t('chart.notePartial') : t('chart.note')}
      right={
        <Button size="small" variant="ghost" aria-expanded={isTable} onClick={() => setIsTable(!isTable)}>
          {isTable ? t('chart.hideTable') : t('chart.showTable')}
        </Button>
      }
    >
      <div className="flex gap-2 items-start!">
        <div className="grow min-w-0">
          <svg className="ch" height={HEIGHT} role="img" aria-label={summary}>
            {[0, 0.5].map((share) => (
              <line key={share} x1="0" x2="100%" y1={share * HEIGHT + 0.5} y2={share * HEIGHT + 0.5} className="g" />
            ))}
            {hours.map((count, index) => {
              const height = count === 0 ? 0 : Math.max(2, (count / top) * HEIGHT);
              return (
                <g
                  key={startOf(index)}
                  data-tip={t('chart.bar', { span: span(index), n: count, count: f.count(count) })}
                >
                  <rect x={`${index * width}%`} y="0" width={`${width}%`} height={HEIGHT} fill="transparent" />
                  <rect
                    x={`${index * width}%`}
                    y={HEIGHT - height}
                    width={`${width * FILL}%`}
                    height={height}
                    className="fc"
                  />
                </g>
              );
            })}
            <line x1="0" x2="100%" y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="g0" />
          </svg>
          <div className="axis small fg3 flex justify-between nowrap" aria-hidden="true">
            {hours.flatMap((_, index) =>
              index % LABEL_EVERY === 0
                ? [
                    <time key={startOf(index)} dateTime={new Date(startOf(index)).toISOString()}>
                      {f.time(startOf(index), 'minute')}
                    </time>,
                  ]
                : [],
            )}
            <time dateTime={new Date(to).toISOString()}>{f.time(to, 'minute')}</time>
          </div>
        </div>
        <div className="small fg3 n chart-scale" aria-hidden="true">
          <span>{f.count(top)}</span>
          <span>{f.count(top / 2)}</span>
          <span>{f.count(0)}</span>
        </div>
      </div>
      {isTable ? (
        <ShortTable
          className="mt8"
          caption={t('chart.title')}
          height="max-h-[320px]"
          heads={[
            { id: 'hour', label: t('chart.hour') },
            { id: 'count', label: t('chart.title'), className: 'r' },
          ]}
        >
          {hours.map((count, index) => (
            <tr key={startOf(index)}>
              <td className="n">{span(index)}</td>
              <td className="r n">{f.count(count)}</td>
            </tr>
          ))}
        </ShortTable>
      ) : null}
    </Section>
  );
}
