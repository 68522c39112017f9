'use client';
import { Unknown } from '@/components/shared/figure';
import { ShortTable } from '@/components/shared/short-table';
import { useFormat } from '@/components/shared/use-format';
import { useUnknownReason } from '@/components/shared/wire-figure';
import type { Bar } from '@/lib/format/histogram';
import { useT } from '@/lib/i18n/use-t';

/** The same bars in words; the start of each can be chosen. */
export function HistogramTable({
  bars,
  at,
  onPick,
}: {
  bars: readonly Bar[];
  at: number | null;
  onPick: (at: number) => void;
}) {
  const t = useT('offsets');
  const f = useFormat();
  const reason = useUnknownReason();
  return (
    <ShortTable
      className="mt8"
      caption={t('histogram.caption')}
      height="max-h-[320px]"
      heads={[
        { id: 'from', label: t('histogram.from') },
        { id: 'to', label: t('histogram.to') },
        { id: 'count', label: t('histogram.count'), className: 'r' },
      ]}
    >
      {bars.map(({ from, to, count }) => (
        <tr key={from} className={at !== null && at >= from && at < to ? 'sel' : undefined}>
          <td>
            <button
              type="button"
              className="link n"
              aria-label={t('histogram.pick', { time: f.time(from) })}
              onClick={() => onPick(from)}
            >
              {f.time(from)}
            </button>
          </td>
          <td className="n">{f.time(to)}</td>
          <td className="r n">{count === null ? <Unknown reason={reason('broker_silent')} /> : f.count(count)}</td>
        </tr>
      ))}
    </ShortTable>
  );
}
