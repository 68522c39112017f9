import { usePlotArea } from 'recharts';
import { type Bar, type Histogram, placeOf } from '@/lib/format/histogram';

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

const right = (share: number) => share > 0.75;

/** Base line and round times. */
export function TimeAxis({ histogram, label }: { histogram: Histogram; label: (at: number) => string }) {
  const plot = usePlotArea();
  if (!plot) return null;
  const bottom = plot.y + plot.height;
  return (
    <g>
      <line x1={plot.x} x2={plot.x + plot.width} y1={bottom + 0.5} y2={bottom + 0.5} className="g0" />
      {histogram.timeTicks.map((at, index) => {
        const share = placeOf(histogram, at);
        const room =
          (share - placeOf(histogram, histogram.timeTicks[index - 1] ?? Number.NEGATIVE_INFINITY)) * plot.width;
        if (index % 2 === 1 && room < 76) return null;
        return (
          <text
            key={at}
            x={plot.x + share * plot.width}
            y={bottom + 16}
            textAnchor={share < 0.05 ? 'start' : share > 0.95 ? 'end' : 'middle'}
          >
            {label(at)}
          </text>
        );
      })}
    </g>
  );
}

type Mark = { share: number; label: string };

/** The chosen time, with a handle and in words. */
export function TimeMark({ share, label }: Mark) {
  const plot = usePlotArea();
  if (!plot) return null;
  const x = plot.x + share * plot.width;
  return (
    <g>
      <line x1={x} x2={x} y1={6} y2={plot.y + plot.height} className="sel-l" />
      <path d={`M${x - 5} 1h10v7l-5 5-5-5z`} className="fink" />
      <text x={right(share) ? x - 10 : x + 10} y={11} textAnchor={right(share) ? 'end' : 'start'} className="v e">
        {label}
      </text>
    </g>
  );
}

/** Where the group stands. */
export function HereMark({ share, label }: Mark) {
  const plot = usePlotArea();
  if (!plot) return null;
  const x = plot.x + share * plot.width;
  return (
    <g>
      <line x1={x} x2={x} y1={18} y2={plot.y + plot.height} className="cross" />
      <text x={right(share) ? x - 4 : x + 4} y={26} textAnchor={right(share) ? 'end' : 'start'} className="v halo">
        {label}
      </text>
    </g>
  );
}
