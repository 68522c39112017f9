import type { Bar } from '@/lib/format/histogram';

type Box = { x: number; y: number; width: number; height: number };

/** A bar: full colour where it is read again, hatched over the whole height where the count is unknown. */
export function BarShape({
  x = 0,
  y = 0,
  width = 0,
  height = 0,
  background,
  payload,
  at,
  hatch,
  stepMs,
}: Partial<Box> & { background?: Box; payload?: Bar; at: number | null; hatch: string; stepMs: number }) {
  if (!payload) return null;
  if (payload.count === null)
    return background ? (
      <rect x={x} y={background.y} width={width} height={background.height} fill={`url(#${hatch})`} />
    ) : null;
  // The bar of the chosen time counts as read from its middle on.
  const isRead = at !== null && payload.from + stepMs / 2 >= at;
  return <rect x={x} y={y} width={width} height={Math.max(0, height)} className={isRead ? 'f1' : 'ft'} />;
}

type Line = { x1?: number | string; y1?: number | string; y2?: number | string; label: string; isRight: boolean };
const TOP = 6;

/** Recharts gives the bottom and the top of the plot in either order. */
const ends = ({ x1, y1, y2 }: Line) => ({
  x: Number(x1),
  bottom: Math.max(Number(y1), Number(y2)),
});

/** The chosen time, with a handle and in words. */
export function TimeMark(line: Line) {
  const { x, bottom } = ends(line);
  return (
    <g>
      <line x1={x} x2={x} y1={TOP} y2={bottom} className="sel-l" />
      <path d={`M${x - 5} 1h10v7l-5 5-5-5z`} className="fink" />
      <text x={line.isRight ? x - 10 : x + 10} y={11} textAnchor={line.isRight ? 'end' : 'start'} className="v e">
        {line.label}
      </text>
    </g>
  );
}

/** Where the group stands. */
export function HereMark(line: Line) {
  const { x, bottom } = ends(line);
  return (
    <g>
      <line x1={x} x2={x} y1={18} y2={bottom} className="cross" />
      <text x={line.isRight ? x - 4 : x + 4} y={26} textAnchor={line.isRight ? 'end' : 'start'} className="v">
        {line.label}
      </text>
    </g>
  );
}
