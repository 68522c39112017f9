// What spreadsheets take for the beginning of a formula, by OWASP's list; the wide forms are read as the narrow ones.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** A cell that a spreadsheet reads as text: quoted, and never as a formula. */
function cell(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? '' : String(value);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One row of RFC 4180, with its line end. */
export const csvLine = (cells: readonly (string | number | null | undefined)[]): string =>
  `${cells.map(cell).join(',')}\r\n`;

/** The cells of a text in RFC 4180, row by row, as they come in. Throws when it ends within a row. */
export async function* csvRows(chunks: AsyncIterable<string>): AsyncGenerator<string[]> {
  let row: string[] = [];
  let text = '';
  let isQuoted = false;
  // After a quote within a quoted cell: another one stands for itself, anything else ends the quoted part.
  let isOpen = false;
  for await (const chunk of chunks) {
    for (const char of chunk) {
      if (char === '"') {
        if (!isQuoted && isOpen) text += char;
        isOpen = isQuoted;
        isQuoted = !isQuoted;
        continue;
      }
      isOpen = false;
      if (isQuoted) text += char;
      else if (char === ',') {
        row.push(text);
        text = '';
      } else if (char === '\n') {
        yield [...row, text];
        row = [];
        text = '';
      } else if (char !== '\r') text += char;
    }
  }
  if (isQuoted || text !== '' || row.length > 0) throw new Error('the text ends within a row');
}
