const WIDTH = 84;
const HEIGHT = 20;
const LINE = { crit: 'kc', warn: 'kw', ok: 'ko', info: 'ki', viol: 'kv', mute: 'kf' } as const;
const AREA = { crit: 'fc', warn: 'fw', ok: 'fo', info: 'fin', viol: 'fv', mute: 'ff' } as const;

/** A null is a gap. `floor` is the smallest full scale, so that six waiting messages never draw a mountain. */
export function Sparkline({
  values,
  floor = 3_000,
  tone = 'mute',
  label,
}: {
  values: readonly (number | null)[];
  floor?: number;
  tone?: keyof typeof LINE;
  label: string;
}) {
  const top = Math.max(floor, ...values.map((value) => value ?? 0));
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  const runs: { x: number; y: number }[][] = [[]];
  values.forEach((value, index) => {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ x: index * step, y: 18 - (value / top) * 16 });
  });
  const points = (run: { x: number; y: number }[]) =>
    run.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <line x1="0" x2={WIDTH} y1="19.5" y2="19.5" className="g" />
      {runs
        .filter((run) => run.length > 0)
        .map((run) => {
          const first = run[0]?.x ?? 0;
          return (
            <g key={first}>
              <polygon
                points={`${first.toFixed(1)},19 ${points(run)} ${(run.at(-1)?.x ?? 0).toFixed(1)},19`}
                className={`${AREA[tone]} ar`}
              />
              <polyline points={points(run)} className={`ln ${LINE[tone]}`} />
            </g>
          );
        })}
    </svg>
  );
}
