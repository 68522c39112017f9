// What spreadsheets take for the beginning of a formula, by OWASP's list; the wide forms are read as the narrow ones.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** A cell that a spreadsheet reads as text: quoted, and never as a formula. */
function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One row of RFC 4180 without its line end: of what the browser saves, and of what a job exports. */
export const csvRow = (cells: readonly unknown[]): string => cells.map(cell).join(',');
