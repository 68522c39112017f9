import { csvRow } from '@/lib/contract/csv-row';

/** One row of RFC 4180, with its line end. */
export const csvLine = (cells: readonly (string | number | null | undefined)[]): string => `${csvRow(cells)}\r\n`;

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
