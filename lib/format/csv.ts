// By OWASP's list; the wide forms are read as the narrow ones. Exports have the same (lib/domain/export/csv-text.ts).
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A cell that a spreadsheet reads as text: quoted, and never as a formula. */
const cell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = FORMULA.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
const row = (cells: readonly unknown[]) => cells.map(cell).join(',');

/** RFC 4180 with a byte order mark, so that spreadsheets read UTF-8. */
export const asCsv = (header: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  `\ufeff${[header, ...rows].map(row).join('\r\n')}\r\n`;

/** One JSON value per line. */
export const asJsonl = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
