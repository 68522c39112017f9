'use client';
import { useT } from '@/lib/i18n/use-t';

const TICKS = 10;
const BASE = 14;

/** How far the offset moved since the sample before: a number, or null where there is no sample. Oldest first. */
export function Tape({
  steps,
  label,
  idle = false,
}: {
  steps: readonly (number | null)[];
  label?: string;
  /** Nothing waits, so that standing still is no trouble and stays grey. */
  idle?: boolean;
}) {
  const t = useT('common');
  const last = steps.slice(-TICKS);
  const ticks = [...Array<null>(Math.max(0, TICKS - last.length)).fill(null), ...last];
  const largest = Math.max(1, ...ticks.map((step) => step ?? 0));
  const count = (test: (step: number) => boolean) => last.filter((step) => step !== null && test(step)).length;
  const sentence =
    label ??
    t('tape.label', {
      samples: last.length,
      advanced: count((step) => step > 0),
      unchanged: count((step) => step === 0),
      back: count((step) => step < 0),
      missing: last.filter((step) => step === null).length,
    });
  return (
    <svg className="tape" width="58" height="18" viewBox="0 0 58 18" role="img" aria-label={sentence}>
      <line x1="0" x2="58" y1="14.5" y2="14.5" className="g0" />
      {ticks.map((step, index) => {
        const x = index * 6;
        const key = `${index}`;
        if (step === null)
          return <circle key={key} cx={x + 1.5} cy="13" r="1.2" className="km" fill="none" strokeWidth="1" />;
        if (step < 0) return <rect key={key} x={x} y={BASE} width="4" height="4" className="fv" />;
        if (step === 0)
          return <rect key={key} x={x} y={BASE - 2} width="4" height="2" className={idle ? 'fm' : 'fc'} />;
        const height = Math.max(3, Math.round((step / largest) * 12));
        return <rect key={key} x={x} y={BASE - height} width="4" height={height} className="fm" />;
      })}
    </svg>
  );
}
