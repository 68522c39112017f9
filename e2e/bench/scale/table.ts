/** A line of the table. */
export interface BenchRow {
  measured: string;
  value: string;
  wanted: string;
  /** Null: a time or an explanation, which only informs. */
  holds: boolean | null;
}

export const inform = (measured: string, value: string, wanted = ''): BenchRow => ({
  measured,
  value,
  wanted,
  holds: null,
});

export const limit = (measured: string, value: number, most: number): BenchRow => ({
  measured,
  value: Number.isInteger(value) ? String(value) : value.toFixed(2),
  wanted: `≤ ${most}`,
  holds: value <= most,
});

/** Smallest and median. */
export function both(values: readonly number[], digits = 0): string {
  return `${Math.min(...values).toFixed(digits)} / ${median(values).toFixed(digits)}`;
}

/** In whole ms: smallest and median, and the largest beside them. */
export const spread = (ms: readonly number[]): string => `${both(ms)} ms, at most ${Math.max(...ms).toFixed(0)} ms`;

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function markdown(rows: readonly BenchRow[]): string {
  const verdict = ({ holds }: BenchRow) => (holds === null ? '' : holds ? 'holds' : '**fails**');
  const lines = rows.map((row) => `| ${row.measured} | ${row.value} | ${row.wanted} | ${verdict(row)} |`);
  return ['| measured | min / median | wanted | |', '|---|---|---|---|', ...lines].join('\n');
}
