import type { ReactNode } from 'react';
import type { Scale } from './scale';

/** Name to the left, drawing to the right; one below the other on a phone. */
export function ChartRow({
  label,
  sub,
  className = '',
  children,
}: {
  label: ReactNode;
  sub: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div
      className={`grid grid-cols-[176px_minmax(0,1fr)] items-center gap-x-3 max-[720px]:grid-cols-1 max-[720px]:pt-2 ${className}`}
    >
      <div className="small min-w-0">
        <div className="fw5 ell">{label}</div>
        {sub ? <div className="fg3 ell">{sub}</div> : null}
      </div>
      {children}
    </div>
  );
}

export const Grid = ({ scale, height }: { scale: Scale; height: number }) => (
  <>
    {scale.ticks.map((tick) => (
      <line key={tick} x1={scale.x(tick)} x2={scale.x(tick)} y1="0" y2={height} className="g" />
    ))}
    <line x1="0" x2="100%" y1="18.5" y2="18.5" className="g" />
  </>
);

/** A mark with words beside it; on the right half the words stand before it. */
export function PointRow({
  scale,
  at,
  fill,
  hollow = false,
  children,
}: {
  scale: Scale;
  at: number;
  fill: string;
  hollow?: boolean;
  children: ReactNode;
}) {
  const before = scale.share(at) > 0.5;
  return (
    <svg className="ch h-9" width="100%" height="36" aria-hidden="true">
      <Grid scale={scale} height={36} />
      <circle cx={scale.x(at)} cy="18" r="4" transform="translate(5 0)" className={hollow ? `${fill} hol` : fill} />
      <text
        x={scale.x(at)}
        y="22"
        transform={`translate(${before ? -6 : 15} 0)`}
        textAnchor={before ? 'end' : 'start'}
        className="v halo"
      >
        {children}
      </text>
    </svg>
  );
}
