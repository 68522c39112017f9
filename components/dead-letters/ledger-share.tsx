'use client';
import { useFormat } from '@/components/shared/use-format';
import type { DeadLetterGroupRow } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';

const WIDTH = 84;

/** Red is open, violet sent again, green read after that, grey decided by a person. */
export function LedgerShare({ row }: { row: DeadLetterGroupRow }) {
  const t = useT('dead-letters');
  const f = useFormat();
  const { count, open, redriven, consumed, handled } = row;
  if (!count || open === null) return null;
  const label = t('share', {
    open: f.count(open),
    redriven: f.count(redriven - consumed),
    consumed: f.count(consumed),
    handled: f.count(handled),
  });
  const parts = [
    { className: 'fc', value: open },
    { className: 'fv', value: redriven - consumed },
    { className: 'fo', value: consumed },
    { className: 'fm', value: handled },
  ].filter(({ value }) => value > 0);
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  let x = 0;
  return (
    <svg width={WIDTH} height="8" role="img" aria-label={label} data-tip={label}>
      {parts.map(({ className, value }) => {
        const width = Math.max(2, Math.round((WIDTH * value) / whole) - 1);
        const at = x;
        x += width + 1;
        return <rect key={className} x={at} width={width} height="8" className={className} />;
      })}
    </svg>
  );
}
