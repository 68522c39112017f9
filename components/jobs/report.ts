import type { JobDetail, JobItem } from '@/lib/contract/jobs';

/** A cell that a spreadsheet reads as text: quoted, and never as a formula. */
const cell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
const row = (cells: readonly unknown[]) => cells.map(cell).join(',');

export const asCsv = (header: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  `\ufeff${[header, ...rows].map(row).join('\r\n')}\r\n`;

/** One line per item; evidence as columns of its own. */
export function itemsAsCsv(items: readonly JobItem[]): string {
  const names = [...new Set(items.flatMap(({ evidence }) => Object.keys(evidence)))];
  return asCsv(
    ['n', 'item', 'state', 'attempts', ...names],
    items.map(({ n, label, state, attempts, evidence }) => [
      n,
      label,
      state,
      attempts,
      ...names.map((name) => evidence[name]),
    ]),
  );
}

/** First the job, then its items, one JSON value per line. */
export const itemsAsJsonl = ({ curl, can, ...job }: JobDetail, items: readonly JobItem[]): string =>
  `${[{ job }, ...items].map((value) => JSON.stringify(value)).join('\n')}\n`;

export function saveText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
