import type { HistoryPoints } from '@/lib/contract/history';
import type { HistoryRow, StoredHistory } from '@/lib/store/history';
import { AGE } from '@/lib/store/history-schema';
import { coveredOf, type Interval, merged, overlap } from './intervals';
import type { Range } from './range';

type Column = keyof HistoryPoints;
type Point = { [K in Column]: HistoryPoints[K][number] };

/**
 * Stored rows as points of equal length. A point takes the last figures within it, or, when nothing changed, those
 * before; it is null when less than half of it was seen. Rates are what was counted over the time in which it was.
 */
export function aggregate(stored: StoredHistory, range: Range, gaps: readonly Interval[]): HistoryPoints {
  const points: Point[] = [];
  const { from, to, stepMs } = range;
  const { firstAt, lastSweepAt, base, rows } = stored;
  const isOverdue = gaps.some((gap) => gap.to >= to);
  const seenTo = Math.min(to, lastSweepAt ?? from);
  const blanks = merged([...gaps, { from: 0, to: firstAt ?? to }, { from: seenTo, to: Number.MAX_SAFE_INTEGER }]);
  let current = base?.isKnown ? base : null;
  let next = 0;
  for (; (rows[next]?.at ?? from) < from; next++) if (rows[next]?.isKnown) current = rows[next] ?? current;
  let counted = next;
  for (let at = from; at < to; at += stepMs) {
    const bucket = { from: at, to: Math.min(at + stepMs, to) };
    if (at >= seenTo && !isOverdue) break;
    const within: HistoryRow[] = [];
    for (let row = rows[next]; row && row.at < bucket.to; row = rows[++next]) {
      within.push(row);
      if (row.isKnown) current = row;
    }
    const isSeen = within.some(({ isKnown }) => isKnown);
    const covered = coveredOf(bucket, blanks);
    const isShown = isSeen || 2 * covered > Math.min(bucket.to, seenTo) - bucket.from;
    for (let row = rows[counted]; row && endOf(row) <= at; row = rows[++counted]);
    points.push({
      at,
      ...figuresOf(isShown && covered > 0 ? current : null, within, Math.min(bucket.to, seenTo)),
      ...ratesOf(bucket, rows, counted, covered, blanks),
    });
  }
  return columns(points);
}

/** A raw row counts for the time before it. */
const endOf = ({ at, tierMs }: HistoryRow) => at + tierMs;

type Figures = Omit<Point, 'at' | keyof Rates>;
interface Rates {
  inPerS: number | null;
  inPeakPerS: number | null;
  outPerS: number | null;
  outPeakPerS: number | null;
}

function figuresOf(row: HistoryRow | null, within: readonly HistoryRow[], end: number): Figures {
  const most = (own: number | null, key: 'lagMax' | 'retriesMax' | 'deadMax') =>
    extreme(
      Math.max,
      own,
      within.map((each) => each[key]),
    );
  const lag = row?.lag ?? null;
  const lagMs = row ? ageAt(row, end) : null;
  const retries = row && row.waiting !== null && row.due !== null ? row.waiting + row.due : null;
  return {
    lag,
    lagMin: extreme(
      Math.min,
      lag,
      within.map(({ lagMin }) => lagMin),
    ),
    lagMax: most(lag, 'lagMax'),
    lagMs,
    lagMsMax: extreme(
      Math.max,
      lagMs,
      bestAges(within).map(({ ageMaxMs }) => ageMaxMs),
    ),
    lagMsExact: row !== null && row.age !== AGE.estimate && row.age !== AGE.unknown,
    retriesWaiting: row?.waiting ?? null,
    retriesDue: row?.due ?? null,
    retriesMax: most(retries, 'retriesMax'),
    deadLetters: row?.dead ?? null,
    deadLettersMax: most(row?.dead ?? null, 'deadMax'),
  };
}

/** An estimate is no peak beside what has been read. */
const bestAges = (rows: readonly HistoryRow[]): readonly HistoryRow[] =>
  rows.some(({ age }) => age === AGE.exact) ? rows.filter(({ age }) => age !== AGE.estimate) : rows;

function ageAt({ age, oldestAt }: HistoryRow, at: number): number | null {
  if (age === AGE.none) return 0;
  return oldestAt === null ? null : Math.max(0, at - oldestAt);
}

/** Null when the point itself has no figure: an extreme is said beside it. */
function extreme(
  of: (...values: number[]) => number,
  own: number | null,
  others: readonly (number | null)[],
): number | null {
  return own === null ? null : of(own, ...others.flatMap((value) => value ?? []));
}

/** Rows from `first` on; the time of a raw one may begin in an earlier point. */
function ratesOf(
  bucket: Interval,
  rows: readonly HistoryRow[],
  first: number,
  covered: number,
  blanks: readonly Interval[],
): Rates {
  let [produced, consumed, seconds] = [0, 0, covered / 1000];
  let [inPeak, outPeak] = [0, 0];
  for (let index = first; index < rows.length; index++) {
    const row = rows[index];
    if (!row || (row.tierMs > 0 ? row.at : row.at - MAX_SPAN_MS) >= bucket.to) break;
    if (row.tierMs > 0) {
      produced += row.produced;
      consumed += row.consumed;
      seconds += (row.spanMs - coveredOf({ from: row.at, to: row.at + row.tierMs }, blanks)) / 1000;
      inPeak = Math.max(inPeak, (row.producedPeak ?? 0) / 1000);
      outPeak = Math.max(outPeak, (row.consumedPeak ?? 0) / 1000);
    } else if (row.spanMs > 0) {
      const share = overlap({ from: row.at - row.spanMs, to: row.at }, bucket) / row.spanMs;
      produced += share * row.produced;
      consumed += share * row.consumed;
    }
  }
  if (covered <= 0 || seconds <= 0) return { inPerS: null, inPeakPerS: null, outPerS: null, outPeakPerS: null };
  const [inPerS, outPerS] = [rounded(produced / seconds), rounded(consumed / seconds)];
  return {
    inPerS,
    inPeakPerS: Math.max(inPerS, rounded(inPeak)),
    outPerS,
    outPeakPerS: Math.max(outPerS, rounded(outPeak)),
  };
}
/** Sweeps of a group are not further apart than this, save over a gap. */
const MAX_SPAN_MS = 5 * 60_000;

const rounded = (value: number) => Math.round(value * 1000) / 1000;

function columns(points: readonly Point[]): HistoryPoints {
  const column = <K extends Column>(key: K) => points.map((point) => point[key]) as HistoryPoints[K];
  return {
    at: column('at'),
    lag: column('lag'),
    lagMin: column('lagMin'),
    lagMax: column('lagMax'),
    lagMs: column('lagMs'),
    lagMsMax: column('lagMsMax'),
    lagMsExact: column('lagMsExact'),
    inPerS: column('inPerS'),
    inPeakPerS: column('inPeakPerS'),
    outPerS: column('outPerS'),
    outPeakPerS: column('outPeakPerS'),
    retriesWaiting: column('retriesWaiting'),
    retriesDue: column('retriesDue'),
    retriesMax: column('retriesMax'),
    deadLetters: column('deadLetters'),
    deadLettersMax: column('deadLettersMax'),
  };
}
