import { useFormat } from '@/components/shared/use-format';
import type { HistoryRow, Series } from '@/lib/format/history';
import { useT } from '@/lib/i18n/use-t';

/** One colour per series, also across charts; red belongs to dead letters. */
export const COLOUR: Record<Series, { line: string; stroke: string }> = {
  lag: { line: 'k4', stroke: 'var(--c4)' },
  lagMs: { line: 'k6', stroke: 'var(--c6)' },
  inPerS: { line: 'k1', stroke: 'var(--c1)' },
  outPerS: { line: 'k2', stroke: 'var(--c2)' },
  retries: { line: 'k7', stroke: 'var(--c7)' },
  retriesDue: { line: 'k5', stroke: 'var(--c5)' },
  deadLetters: { line: 'kc', stroke: 'var(--crit-mark)' },
};

/** Names and figures of the series in words. */
export function useSeries() {
  const t = useT('history');
  const f = useFormat();
  const name: Record<Series, string> = {
    lag: t('lag'),
    lagMs: t('age'),
    inPerS: t('in'),
    outPerS: t('out'),
    retries: t('all'),
    retriesDue: t('due'),
    deadLetters: t('dead'),
  };
  const write = (series: Series, value: number): string =>
    series === 'lagMs'
      ? f.duration(value)
      : series === 'inPerS' || series === 'outPerS'
        ? f.rate(value)
        : f.count(value);
  return {
    name,
    write,
    /** Null where it is not known. */
    figure(row: HistoryRow, series: Series): string | null {
      const value = row[series];
      if (value === null) return null;
      return `${series === 'lagMs' && !row.isExact ? '≈ ' : ''}${write(series, value)}`;
    },
  };
}
