import type { Verdict } from './drive';

type Column = [head: string, cell: (verdict: Verdict) => string | number];

const COLUMNS: Column[] = [
  ['fault', ({ fault }) => fault],
  ['masters', ({ masters }) => masters],
  ['seed', ({ seed }) => seed],
  ['crashes', ({ crashes }) => crashes],
  ['letters', ({ letters }) => letters],
  ['sends', ({ frames }) => frames],
  ['copies', ({ copies }) => copies],
  ['lost', ({ lost }) => lost],
  ['dup listed', ({ listed }) => listed],
  ['dup unlisted', ({ unlisted }) => unlisted],
  ['paused for', ({ pauses }) => [...new Set(pauses)].join(' ') || '–'],
  ['job', ({ state }) => state],
  ['s', ({ seconds }) => seconds],
  ['verdict', (verdict) => (failed(verdict) ? 'FAILED' : 'holds')],
];

export const failed = ({ problems }: Verdict): boolean => problems.length > 0;

/** For the log, as a run ends. */
export const rowOf = (verdict: Verdict): string =>
  COLUMNS.map(([head, cell], index) => (index === 0 ? cell(verdict) : `${head} ${cell(verdict)}`)).join(', ');

export function printed(verdicts: readonly Verdict[]): string {
  const rows = [
    COLUMNS.map(([head]) => head),
    ...verdicts.map((verdict) => COLUMNS.map(([, cell]) => String(cell(verdict)))),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
