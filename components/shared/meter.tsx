const FILL = {
  ok: 'fo',
  crit: 'fc',
  warn: 'fw',
  info: 'fin',
  viol: 'fv',
  mute: 'fm',
  c1: 'f1',
  c2: 'f2',
  ink: 'fink',
} as const;
export type BarTone = keyof typeof FILL;

/** Share of a limit, 6 px high. The words beside it say the numbers. */
export function Meter({
  value,
  limit,
  tone = 'c1',
  width = 110,
  label,
}: {
  value: number;
  limit: number;
  tone?: BarTone;
  width?: number;
  label?: string;
}) {
  const share = limit > 0 ? Math.min(1, Math.max(0, value / limit)) : 0;
  return (
    <svg width={width} height="6" role="img" aria-label={label ?? `${value} / ${limit}`}>
      <rect width={width} height="6" rx="1" className="ft" />
      <rect width={Math.max(share > 0 ? 1.5 : 0, share * width)} height="6" rx="1" className={FILL[tone]} />
    </svg>
  );
}

export type SplitPart = { id: string; value: number; tone: BarTone };

/** One bar, many outcomes; what is left of the total stays track. */
export function SplitBar({ parts, total, label }: { parts: readonly SplitPart[]; total: number; label: string }) {
  let x = 0;
  return (
    <svg className="split" height="10" role="img" aria-label={label}>
      <rect width="100%" height="10" className="ft" />
      {parts.map((part) => {
        const width = total > 0 ? (part.value / total) * 100 : 0;
        const at = x;
        x += width;
        return width > 0 ? (
          <rect key={part.id} x={`${at}%`} width={`${width}%`} height="10" className={FILL[part.tone]} />
        ) : null;
      })}
    </svg>
  );
}
