/** A stretch of time, epoch ms, `to` not included. */
export interface Interval {
  from: number;
  to: number;
}

/** Sorted and without overlaps. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    if (to <= from) continue;
    const last = result.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

export const overlap = (a: Interval, b: Interval): number =>
  Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));

/** How much of `whole` lies outside of the (merged) `blanks`, ms. */
export function coveredOf(whole: Interval, blanks: readonly Interval[]): number {
  return blanks.reduce((left, blank) => left - overlap(whole, blank), Math.max(0, whole.to - whole.from));
}
