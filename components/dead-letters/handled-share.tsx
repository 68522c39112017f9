'use client';
import { useFormat } from '@/components/shared/use-format';
import { useT } from '@/lib/i18n/use-t';

const WIDTH = 120;

/** Red is what nobody has decided about. */
export function HandledShare({ total, handled }: { total: number | null; handled: number }) {
  const t = useT('dead-letters');
  const f = useFormat();
  if (!total) return null;
  const rest = Math.round((WIDTH * (total - handled)) / total);
  const red = handled > 0 ? Math.min(rest, WIDTH - 2) : WIDTH;
  return (
    <svg
      width={WIDTH}
      height="8"
      role="img"
      aria-label={t('handledOf', { handled: f.count(handled), total: f.count(total) })}
      data-tip={t('handledOf', { handled: f.count(handled), total: f.count(total) })}
    >
      {red > 0 ? <rect x="0" width={red} height="8" className="fc" /> : null}
      {handled > 0 ? <rect x={red + 1} width={Math.max(1, WIDTH - red - 1)} height="8" className="fm" /> : null}
    </svg>
  );
}
